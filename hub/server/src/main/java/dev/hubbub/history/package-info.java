/** What publishers were told and what clients saw, checked for faults; pure; the door is {@code HistoryChecker}. */
@NullMarked
package dev.hubbub.history;

import org.jspecify.annotations.NullMarked;

/**
 * How nodes talk, and which nodes there are: typed inboxes with deadlines, and who owns an address; the only room that
 * touches the event bus; the doors are {@code Bus} and {@code Ownership}.
 */
@NullMarked
package dev.hubbub.bus;

import org.jspecify.annotations.NullMarked;

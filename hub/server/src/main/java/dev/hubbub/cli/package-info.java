/** The commands of {@code scripts/hub}; may see every room, and no room sees it. */
@NullMarked
package dev.hubbub.cli;

import org.jspecify.annotations.NullMarked;

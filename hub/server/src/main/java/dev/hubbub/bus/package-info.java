/** How nodes talk: typed inboxes with deadlines; the only room that touches the event bus; the door is {@code Bus}. */
@NullMarked
package dev.hubbub.bus;

import org.jspecify.annotations.NullMarked;

/** The team inbox: conversations, who has them, and bookings. */
@NullMarked
package dev.hubbub.demo.inbox;

import org.jspecify.annotations.NullMarked;

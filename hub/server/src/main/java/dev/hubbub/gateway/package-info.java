/** Sockets: transports, session, outbox, heartbeat, limits; sees the hub through {@code messaging} only. */
@NullMarked
package dev.hubbub.gateway;

import org.jspecify.annotations.NullMarked;

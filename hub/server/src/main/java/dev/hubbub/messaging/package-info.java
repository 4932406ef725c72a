/** The verbs, each passing permission: publish, subscribe, history; subscriptions and fan-out of one event loop. */
@NullMarked
package dev.hubbub.messaging;

import org.jspecify.annotations.NullMarked;

/**
 * What was decided for whom, and when: the bounded record of one event loop, written where decisions are made and read
 * by who asks why; pure, and the door is {@code TraceLog}.
 */
@NullMarked
package dev.hubbub.trace;

import org.jspecify.annotations.NullMarked;

/** The only room that knows Redis: logs in Redis Streams; the door is {@code RedisReplayStore}. */
@NullMarked
package dev.hubbub.redis;

import org.jspecify.annotations.NullMarked;

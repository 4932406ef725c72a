/** What was said, in order: the owner of each address, the pure log, attach and resume; the door is {@code Replay}. */
@NullMarked
package dev.hubbub.replay;

import org.jspecify.annotations.NullMarked;

/** For operators: health, metrics, reload, drain, publish and tail for the command line; on its own listener. */
@NullMarked
package dev.hubbub.ops;

import org.jspecify.annotations.NullMarked;

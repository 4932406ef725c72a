/**
 * For operators: health, metrics, drain, reload, publish, tail, and the console with its calls; on its own listener.
 */
@NullMarked
package dev.hubbub.ops;

import org.jspecify.annotations.NullMarked;

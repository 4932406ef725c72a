/** A board that several people draw on, and what became of it. */
@NullMarked
package dev.hubbub.demo.canvas;

import org.jspecify.annotations.NullMarked;

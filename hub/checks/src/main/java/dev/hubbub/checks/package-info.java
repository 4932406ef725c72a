/** Compile-time checks of our own, run by Error Prone over every module. */
@NullMarked
package dev.hubbub.checks;

import org.jspecify.annotations.NullMarked;

/** Small back ends of the example applications; they use the public HTTP API only. */
@NullMarked
package dev.hubbub.demo;

import org.jspecify.annotations.NullMarked;

/** The hot pure parts of the server, each alone; the only code of this module that knows the server's classes. */
@NullMarked
package dev.hubbub.bench.jmh;

import org.jspecify.annotations.NullMarked;

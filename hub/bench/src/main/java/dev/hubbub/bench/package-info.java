/** The load generator and the peers it measures; a black box that knows the wire and nothing of the server's code. */
@NullMarked
package dev.hubbub.bench;

import org.jspecify.annotations.NullMarked;

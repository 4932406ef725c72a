/** The words on the wire: address, event, position, frames, codec, error and close codes; imports no other room. */
@NullMarked
package dev.hubbub.protocol;

import org.jspecify.annotations.NullMarked;

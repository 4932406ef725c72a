/**
 * Who is here: rosters of addresses, told as a roster and its numbered changes.
 *
 * <p>The truth is with the node that holds a socket. It tells the owner of the address, which keeps what all nodes say
 * ({@code RawRoster}, a join-semilattice) and tells the nodes that listen; those tell their subscribers
 * ({@code ToldRoster}). The door is {@code Presence}.
 */
@NullMarked
package dev.hubbub.presence;

import org.jspecify.annotations.NullMarked;

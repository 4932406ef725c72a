/** Wallets on a simulated chain: nothing is settled before it is confirmed. */
@NullMarked
package dev.hubbub.demo.wallet;

import org.jspecify.annotations.NullMarked;

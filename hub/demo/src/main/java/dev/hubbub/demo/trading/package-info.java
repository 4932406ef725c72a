/** A simulated market: order books, trades and alerts, published through the hub. */
@NullMarked
package dev.hubbub.demo.trading;

import org.jspecify.annotations.NullMarked;

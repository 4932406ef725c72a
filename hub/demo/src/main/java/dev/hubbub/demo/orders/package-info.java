/** Orders of several regions, whose states everybody sees as far as they may. */
@NullMarked
package dev.hubbub.demo.orders;

import org.jspecify.annotations.NullMarked;

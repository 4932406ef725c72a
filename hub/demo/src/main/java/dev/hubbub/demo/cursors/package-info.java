/** A field of moving cursors: fifty labelled bots in a process of their own. */
@NullMarked
package dev.hubbub.demo.cursors;

import org.jspecify.annotations.NullMarked;

/** What the operator said, as records that refuse nonsense; the door is {@code ConfigLoader}. */
@NullMarked
package dev.hubbub.config;

import org.jspecify.annotations.NullMarked;

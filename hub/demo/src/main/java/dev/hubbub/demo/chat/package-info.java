/** Chat: rooms, private talks and their messages, kept here and told through the hub. */
@NullMarked
package dev.hubbub.demo.chat;

import org.jspecify.annotations.NullMarked;

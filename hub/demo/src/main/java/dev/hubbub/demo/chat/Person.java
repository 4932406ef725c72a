package dev.hubbub.demo.chat;

/**
 * Who asks.
 *
 * @param id the {@code sub} of the token
 * @param moderator whether the token's role lets this person delete what others made
 */
record Person(String id, boolean moderator) {}

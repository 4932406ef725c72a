package dev.hubbub.bus;

/**
 * What stands in the place of a message from another node that could not be read.
 *
 * <p>An exception instead would be lost in Vert.x, and with it the question: an answer is read after its deadline's
 * timer has been cancelled. Never leaves the room.
 */
record Unreadable(IllegalArgumentException why) {}

package dev.hubbub.replay;

/**
 * What comes with an operation on a log, so that its effect depends on nothing else.
 *
 * <p>With this a store may run an operation again, on another copy of the log, and get the same log and answer.
 *
 * @param owner who operates, 1 to 20 characters of {@code A-Z a-z 0-9}; another owner's append begins a new term; new
 *     for every start of a node
 * @param freshEpoch the epoch of a log that the operation finds absent; never used twice
 * @param nowMillis the owner's time, in milliseconds since 1970
 */
public record Turn(String owner, String freshEpoch, long nowMillis) {}

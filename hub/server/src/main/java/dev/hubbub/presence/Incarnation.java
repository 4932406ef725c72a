package dev.hubbub.presence;

/**
 * One life of a node: what is declared dead never comes back, and who was declared dead by mistake begins another one.
 *
 * @param node the node's name, new for every start
 * @param number counts up from 1 while the process runs
 */
record Incarnation(String node, long number) {
    static Incarnation first(String node) {
        return new Incarnation(node, 1);
    }

    Incarnation next() {
        return new Incarnation(node, number + 1);
    }
}

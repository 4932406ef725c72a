package dev.hubbub.replay;

import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Who appended from which offset on: the newest {@value #KEPT} terms of one log.
 *
 * <p>A term is named {@code number-owner}. As the owner is part of the name, two sides of a split never make the same
 * one, and a position from a side that lost is recognised. Not thread-safe; belongs to its log.
 */
final class Terms {
    static final int KEPT = 16;

    private final List<Term> terms = new ArrayList<>(1);

    private Terms() {}

    Terms(String owner) {
        terms.add(new Term(1, owner, 1));
    }

    /** Returns the current term's name. */
    String current() {
        return last().name();
    }

    /** Begins a new term if another owner appends at {@code offset}. */
    void enter(String owner, long offset) {
        Term last = last();
        if (last.owner().equals(owner)) {
            return;
        }
        if (terms.size() == KEPT) {
            terms.remove(0);
        }
        terms.add(new Term(last.number() + 1, owner, offset));
    }

    /**
     * Tells whether this log gave out the pair; a term that is no longer remembered counts as foreign.
     *
     * @param top the log's last offset
     */
    boolean contains(String name, long offset, long top) {
        for (int i = terms.size() - 1; i >= 0; i--) {
            Term term = terms.get(i);
            if (term.name().equals(name)) {
                long end = end(i, top);
                // Before the first event there is a head too, in the term of who began the log.
                boolean begun = offset >= term.start() || (offset == 0 && term.number() == 1);
                return begun && offset <= end;
            }
        }
        return false;
    }

    /**
     * Returns up to which offset two histories of one log are the same.
     *
     * @param top this one's last offset
     * @param other the other one's terms
     * @param otherTop the other one's last offset
     */
    long agreed(long top, Terms other, long otherTop) {
        for (int i = terms.size() - 1; i >= 0; i--) {
            for (int j = other.terms.size() - 1; j >= 0; j--) {
                if (terms.get(i).name().equals(other.terms.get(j).name())) {
                    return Math.min(end(i, top), other.end(j, otherTop));
                }
            }
        }
        return 0;
    }

    private long end(int index, long top) {
        return index + 1 < terms.size() ? terms.get(index + 1).start() - 1 : top;
    }

    /** Takes over another log's terms. */
    void become(Terms other) {
        terms.clear();
        terms.addAll(other.terms);
    }

    Terms copy() {
        Terms copy = new Terms();
        copy.terms.addAll(terms);
        return copy;
    }

    void write(WireWriter out) {
        out.list(terms, (to, term) -> {
            to.number(term.number());
            to.text(term.owner());
            to.number(term.start());
        });
    }

    static Terms read(WireReader in) {
        Terms read = new Terms();
        read.terms.addAll(in.list(from -> new Term(from.smallNumber(), from.text(), from.number())));
        if (read.terms.isEmpty()) {
            throw new IllegalArgumentException("terms: none (expected: at least one)");
        }
        return read;
    }

    /** Reads {@code 1-OWNER@1 2-OWNER@57}: each term with its first offset. */
    static Terms of(String text) {
        Terms terms = new Terms();
        for (String one : List.of(text.split(" ", -1))) {
            int dash = one.indexOf('-');
            int at = one.indexOf('@');
            if (dash < 1 || at < dash) {
                throw new IllegalArgumentException("term: " + one + " (expected: number-owner@offset)");
            }
            terms.terms.add(new Term(
                    Integer.parseInt(one.substring(0, dash)),
                    one.substring(dash + 1, at),
                    Long.parseLong(one.substring(at + 1))));
        }
        if (terms.terms.isEmpty()) {
            throw new IllegalArgumentException("terms: none (expected: at least one)");
        }
        return terms;
    }

    private Term last() {
        return terms.get(terms.size() - 1);
    }

    private record Term(int number, String owner, long start, String name) {
        Term(int number, String owner, long start) {
            this(number, owner, start, number + "-" + owner);
        }
    }
}

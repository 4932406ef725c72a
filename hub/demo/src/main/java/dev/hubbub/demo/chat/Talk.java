package dev.hubbub.demo.chat;

import dev.hubbub.demo.DemoException;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Where messages are written: a room for everybody, or a private talk of two. */
sealed interface Talk {
    /** What may be one segment of an address. */
    Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");

    /** Returns its place: what comes after the space in the address at which the hub tells what happens here. */
    String place();

    /** Tells whether this person may read and write here. */
    boolean admits(Person person);

    /** Fails with a refusal when this person may not read and write here. */
    default void admit(Person person) {
        if (!admits(person)) {
            throw DemoException.denied("a private talk is for its two people only");
        }
    }

    /**
     * A room, open to everybody.
     *
     * @param id part of its address
     * @param name what people call it
     */
    record Room(String id, String name, String createdBy, Instant createdAt) implements Talk {
        @Override
        public String place() {
            return "room:" + id;
        }

        @Override
        public boolean admits(Person person) {
            return true;
        }
    }

    /**
     * A private talk.
     *
     * @param first of the two, the one who comes first in the alphabet
     */
    record Direct(String first, String second) implements Talk {
        /** Returns the talk of two people, the same whoever of them asks. */
        static Direct of(String one, String other) {
            if (!NAME.matcher(one).matches() || !NAME.matcher(other).matches()) {
                throw DemoException.badRequest("a user is 1 to 40 characters of A-Z a-z 0-9 _ -");
            }
            if (one.equals(other)) {
                throw DemoException.badRequest("a private talk needs two people");
            }
            TreeSet<String> both = new TreeSet<>(Set.of(one, other));
            return new Direct(both.first(), both.last());
        }

        @Override
        public String place() {
            return "dm:" + first + ":" + second;
        }

        @Override
        public boolean admits(Person person) {
            return person.id().equals(first) || person.id().equals(second);
        }
    }
}

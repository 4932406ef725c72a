package dev.hubbub.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A demo's states, one for each space: people who try the same demo in two spaces do not disturb each other.
 *
 * <p>At most {@value #MOST}; the one that was used longest ago goes first. Used from one event loop.
 *
 * @param <S> the state of a space
 */
public final class Spaces<S> {
    private static final int MOST = 200;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,20}");

    private final Function<String, S> make;
    private final Map<String, S> states = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, S> eldest) {
            return size() > MOST;
        }
    };

    /** Creates spaces whose states are made when they are first used. */
    public Spaces(Function<String, S> make) {
        this.make = make;
    }

    /**
     * Returns the state of a space.
     *
     * @throws DemoException when its name is not 1 to 20 small letters and digits
     */
    public S get(String space) {
        check(space);
        S known = states.get(space);
        if (known != null) {
            return known;
        }
        S made = make.apply(space);
        states.put(space, made);
        return made;
    }

    /** Refuses a name that could not be part of an address. */
    public static void check(String space) {
        if (!NAME.matcher(space).matches()) {
            throw DemoException.badRequest("a space has a name of 1 to 20 small letters and digits");
        }
    }
}

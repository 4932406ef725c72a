package dev.hubbub.telemetry;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Knows which lines of a log say again what was just said; pure, for one thread at a time.
 *
 * <p>Within {@value #WINDOW_MILLIS} ms a line is said once, and of lines that differ in their values alone
 * {@value #MOST_OF_A_KIND} are; the others are counted, and told as a number when the time is over. Holds at most
 * {@value #MOST} lines and kinds; what is beyond is said.
 */
final class RepeatedLines<L> {
    static final long WINDOW_MILLIS = 10_000;
    static final int MOST_OF_A_KIND = 20;
    static final int MOST = 1_000;

    private final Map<String, Window<L>> lines = new LinkedHashMap<>();
    private final Map<String, Window<L>> kinds = new LinkedHashMap<>();

    /**
     * Lines that were not said.
     *
     * @param last the last of them
     * @param times how many they were
     * @param millis in which time
     * @param same whether they were the same to the letter, or of one kind
     */
    record Repeats<L>(L last, long times, long millis, boolean same) {}

    private static final class Window<L> {
        private final long beganMillis;
        private final int most;
        private int said;
        private long unsaid;
        private Optional<L> last = Optional.empty();

        Window(long beganMillis, int most) {
            this.beganMillis = beganMillis;
            this.most = most;
        }

        boolean isFull() {
            return said >= most;
        }

        void count(L line) {
            unsaid++;
            last = Optional.of(line);
        }
    }

    /**
     * Takes a line.
     *
     * @param kind what it has in common with lines that differ in their values
     * @param text the whole line
     * @return whether to say it
     */
    boolean take(String kind, String text, L line, long nowMillis) {
        Window<L> same = window(lines, text, 1, nowMillis);
        Window<L> alike = window(kinds, kind, MOST_OF_A_KIND, nowMillis);
        if (same.isFull()) {
            same.count(line);
            return false;
        }
        if (alike.isFull()) {
            alike.count(line);
            return false;
        }
        same.said++;
        alike.said++;
        return true;
    }

    private static <L> Window<L> window(Map<String, Window<L>> windows, String key, int most, long nowMillis) {
        Window<L> known = windows.get(key);
        if (known != null) {
            return known;
        }
        Window<L> made = new Window<>(nowMillis, most);
        if (windows.size() < MOST) {
            windows.put(key, made);
        }
        return made;
    }

    /** Forgets what is over, or everything, and returns what was not said of it. */
    List<Repeats<L>> ended(long nowMillis, boolean everything) {
        List<Repeats<L>> repeats = new ArrayList<>();
        for (Map<String, Window<L>> windows : List.of(lines, kinds)) {
            Iterator<Window<L>> all = windows.values().iterator();
            while (all.hasNext()) {
                Window<L> window = all.next();
                long age = nowMillis - window.beganMillis;
                if (everything || age >= WINDOW_MILLIS) {
                    all.remove();
                    window.last.ifPresent(
                            line -> repeats.add(new Repeats<>(line, window.unsaid, age, windows == lines)));
                }
            }
        }
        return repeats;
    }

    /** Tells whether there is nothing to end. */
    boolean isEmpty() {
        return lines.isEmpty();
    }
}

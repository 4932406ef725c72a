package dev.hubbub.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody meant. */
final class Suggestion {

    private Suggestion() {}

    /** Returns the known word that is nearest to {@code word}; empty when none is near enough to be meant. */
    static Optional<String> of(String word, Collection<String> known) {
        String plain = plain(word);
        int reach = Math.max(1, plain.length() / 3);
        return known.stream()
                .filter(candidate -> distance(plain, plain(candidate)) <= reach)
                .min(Comparator.comparingInt(candidate -> distance(plain, plain(candidate))));
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /**
     * Counts the letters to insert, remove, replace or swap with their neighbour (Damerau and Levenshtein's distance,
     * in its restricted form).
     */
    private static int distance(String one, String other) {
        int[][] steps = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                steps[i][j] = Math.min(i, j) == 0 ? Math.max(i, j) : cheapest(steps, one, other, i, j);
            }
        }
        return steps[one.length()][other.length()];
    }

    private static int cheapest(int[][] steps, String one, String other, int i, int j) {
        int replace = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        int best = Math.min(Math.min(steps[i - 1][j], steps[i][j - 1]) + 1, steps[i - 1][j - 1] + replace);
        boolean swapped =
                i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2) && one.charAt(i - 2) == other.charAt(j - 1);
        return swapped ? Math.min(best, steps[i - 2][j - 2] + 1) : best;
    }
}

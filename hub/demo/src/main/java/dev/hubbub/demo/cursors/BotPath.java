package dev.hubbub.demo.cursors;

import java.util.SplittableRandom;

/**
 * The way of one bot's cursor: a slow loop of its own through the field, the same for the same seed.
 *
 * @param across how often it crosses the field in a loop
 * @param down how often it goes up and down in a loop
 * @param phase where on the loop it begins, 0 to 1
 * @param loopMillis how long a loop takes
 */
record BotPath(int across, int down, double phase, long loopMillis) {

    /** Returns the path of a bot. */
    static BotPath of(long seed, int bot) {
        SplittableRandom random = new SplittableRandom(seed * 1_000 + bot);
        int across = 1 + random.nextInt(3);
        return new BotPath(across, across + 1, random.nextDouble(), 12_000 + random.nextInt(14_000));
    }

    /** Returns how far from the left it is, 0 to 1. */
    double x(long millis) {
        return 0.5 + 0.46 * Math.sin(2 * Math.PI * across * turn(millis));
    }

    /** Returns how far from the top it is, 0 to 1. */
    double y(long millis) {
        return 0.5 + 0.46 * Math.cos(2 * Math.PI * down * turn(millis));
    }

    private double turn(long millis) {
        return phase + (double) (millis % loopMillis) / loopMillis;
    }
}

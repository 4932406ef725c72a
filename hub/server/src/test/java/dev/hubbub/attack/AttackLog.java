package dev.hubbub.attack;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What attacks of this run got; safe to use from every thread. */
public final class AttackLog {
    private static final Map<String, List<Got>> GOT = new LinkedHashMap<>();

    private AttackLog() {}

    /** One attempt and what came of it. */
    record Got(String attempt, String outcome) {}

    /** Writes down what an attempt got. */
    public static void got(String number, String attempt, Object outcome) {
        synchronized (GOT) {
            GOT.computeIfAbsent(number, key -> new ArrayList<>()).add(new Got(attempt, String.valueOf(outcome)));
        }
    }

    static List<Got> of(String number) {
        synchronized (GOT) {
            return List.copyOf(GOT.getOrDefault(number, List.of()));
        }
    }
}

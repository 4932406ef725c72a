package dev.hubbub.verify;

import dev.hubbub.history.Anomaly;
import dev.hubbub.history.History;
import dev.hubbub.history.HistoryChecker;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a verification found.
 *
 * @param anomalies what must not have happened; empty is good
 * @param publishMillis how long each event took until it was answered, retries and all
 * @param repeats how many attempts were repeated, as their outcome was unknown
 * @param backMillis how long each client took to be back everywhere, each time
 * @param resumes by node, how many clients came back through it
 * @param degraded how often a client was told that an address cannot be served for now
 */
public record VerifyReport(
        VerifyPlan plan,
        History history,
        List<Anomaly> anomalies,
        List<Long> publishMillis,
        int repeats,
        List<Long> backMillis,
        Map<String, Integer> resumes,
        int degraded) {

    /** Tells whether the hub kept its promises, and every node was come back through. */
    public boolean passed() {
        return anomalies.isEmpty() && untried().isEmpty();
    }

    private List<String> untried() {
        return resumes.entrySet().stream()
                .filter(one -> one.getValue() == 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Says it for people. */
    public String text() {
        String through = resumes.entrySet().stream()
                .map(one -> one.getKey() + " " + one.getValue())
                .collect(Collectors.joining(", "));
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                "nodes      %d: %s%n",
                plan.nodes().size(), plan.nodes().stream().map(Object::toString).collect(Collectors.joining(", "))));
        text.append(String.format("addresses  %s%n", String.join(", ", plan.addresses())));
        text.append(String.format(
                "published  %d events in %d s, %d attempts repeated, answered p50 %d ms, p99 %d ms, longest %d ms%n",
                publishMillis.size(),
                plan.seconds(),
                repeats,
                percentile(publishMillis, 50),
                percentile(publishMillis, 99),
                percentile(publishMillis, 100)));
        text.append(String.format(
                "sockets    %d, cut and back %d times, whole again p50 %d ms, p99 %d ms, longest %d ms; degraded %d times%n",
                plan.clients(),
                backMillis.size(),
                percentile(backMillis, 50),
                percentile(backMillis, 99),
                percentile(backMillis, 100),
                degraded));
        text.append(String.format("back via   %s%n", through));
        text.append("judged     ")
                .append(HistoryChecker.report(history, anomalies).replace("\n", System.lineSeparator() + "           "))
                .append(System.lineSeparator());
        if (!untried().isEmpty()) {
            text.append("NOT TRIED  nobody came back through ")
                    .append(String.join(", ", untried()))
                    .append(System.lineSeparator());
        }
        return text.append(passed() ? "PASSED" : "FAILED").toString();
    }

    private static long percentile(List<Long> values, int percent) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.isEmpty()
                ? 0
                : sorted.get((int) Math.min(sorted.size() - 1L, sorted.size() * (long) percent / 100));
    }
}

package dev.hubbub;

import dev.hubbub.config.AddressRange;
import dev.hubbub.config.AuthConfig;
import dev.hubbub.config.ClusterConfig;
import dev.hubbub.config.HubConfig;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for what a config opens to people whom nobody meant to let in, before a node starts.
 *
 * <p>What nobody can want is refused by its name, unless {@code --insecure} says so; what may be meant is said in the
 * log. Secrets that are too short and tokens that nobody can check are refused before and always. Pure but for the log.
 */
final class StartupChecks {
    private static final Logger log = LoggerFactory.getLogger(StartupChecks.class);
    /** Fewer different characters than this, and a secret was typed, not made. */
    private static final int FEW_CHARACTERS = 8;

    private static final int SMALLEST_MAJORITY_OF = 3;

    private StartupChecks() {}

    /** One thing: its name, as documents and answers call it, and what it is in plain words. */
    record Finding(String name, String words) {
        @Override
        public String toString() {
            return name + " (" + words + ")";
        }
    }

    /**
     * Says what is unsafe in the log, and throws for what is refused.
     *
     * @param insecure whether the operator wants it all the same
     * @throws HubException with {@code UNAVAILABLE} that names everything that is refused
     */
    static void require(HubConfig config, boolean insecure) {
        warnings(config).forEach(finding -> log.warn("config may be unsafe {}", finding));
        List<Finding> refused = refusals(config);
        if (refused.isEmpty()) {
            return;
        }
        String all = refused.stream().map(Finding::toString).collect(Collectors.joining("; "));
        if (!insecure) {
            throw new HubException(
                    ErrorCode.UNAVAILABLE,
                    "refusing to start, the config is unsafe: " + all + ". Mend it, or start with --insecure.");
        }
        log.warn("STARTING ALTHOUGH THE CONFIG IS UNSAFE, as --insecure says: {}", all);
    }

    static List<Finding> refusals(HubConfig config) {
        List<Finding> found = new ArrayList<>();
        boolean hasAdmin = config.auth().apiKeys().stream().anyMatch(AuthConfig.ApiKeyConfig::admin);
        if (!config.ops().isLoopback() && !hasAdmin) {
            found.add(new Finding(
                    "ops-without-key",
                    "ops.host " + config.ops().host()
                            + " can be reached by others, and no key of auth.apiKeys has admin: true"));
        }
        ClusterConfig cluster = config.cluster();
        if (isOpen(cluster) && !cluster.network().named()) {
            found.add(
                    new Finding(
                            "default-cluster-name",
                            "cluster.name is not set and there is no cluster.secret, so any other hub on this network may join"));
        }
        return found;
    }

    static List<Finding> warnings(HubConfig config) {
        List<Finding> found = new ArrayList<>();
        config.auth().jwt().ifPresent(jwt -> {
            if (jwt.keys() instanceof AuthConfig.Secret secret
                    && secret.value().chars().distinct().count() < FEW_CHARACTERS) {
                found.add(new Finding("weak-secret", "auth.jwt.secret is long enough, but can be guessed"));
            }
        });
        if (!config.http().isLoopback()) {
            listener(config, found);
        }
        if (isOpen(config.cluster()) && config.cluster().network().named()) {
            found.add(new Finding(
                    "open-cluster",
                    "there is no cluster.secret: whoever reaches the member port and knows the name joins"));
        }
        if (config.cluster().enabled()
                && config.cluster().minimumNodes() == 1
                && config.cluster().join().stream().distinct().count() >= SMALLEST_MAJORITY_OF) {
            found.add(new Finding(
                    "no-majority",
                    "cluster.minimumNodes is 1: both sides of a split go on, and one of them loses what it answered"));
        }
        return found;
    }

    private static void listener(HubConfig config, List<Finding> found) {
        if (config.http().origins().isEmpty()) {
            found.add(new Finding(
                    "no-origins", "http.origins is empty: only pages of the hub's own address may connect"));
        }
        if (config.http().origins().contains("*")) {
            found.add(new Finding("any-origin", "http.origins has *: pages of every site may connect"));
        }
        if (config.auth().anonymous()) {
            found.add(new Finding("anonymous", "auth.anonymous lets everybody in whom a rule does not refuse"));
        }
    }

    /** Tells whether other machines reach the member port, and nothing but the name keeps them out. */
    private static boolean isOpen(ClusterConfig cluster) {
        return cluster.enabled()
                && cluster.network().secret().isEmpty()
                && cluster.network().tls().isEmpty()
                && !isLoopback(cluster);
    }

    private static boolean isLoopback(ClusterConfig cluster) {
        return cluster.network()
                .host()
                .map(AddressRange::isLoopback)
                .orElseGet(() -> cluster.network().dns().isEmpty()
                        && cluster.join().stream()
                                .map(member -> member.substring(0, Math.max(0, member.lastIndexOf(':'))))
                                .allMatch(AddressRange::isLoopback));
    }
}

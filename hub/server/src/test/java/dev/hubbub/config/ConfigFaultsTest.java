package dev.hubbub.config;

import static dev.hubbub.config.ConfigLoads.faults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of fault is told once, at its exact line and column, in words that help. */
class ConfigFaultsTest {
    private static final String HASH = "486ea46224d1bb4fb680f34f7c9ad96a8f24ec88be73ea8e5a6c65260e9cb8a7";

    @Test
    void tenFaultsOfOneFileAreAllNamedWithLineAndColumn() {
        Path file = Path.of("src/test/resources/dev/hubbub/config/ten-faults.yaml");
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> ConfigLoads.loadFile(file));
        assertThat(refused.faults())
                .extracting(fault -> fault.toString().substring(file.toString().length() + 1))
                .containsExactly(
                        "3:3: unknown key \"prot\" in http; did you mean \"port\"?",
                        "4:13: http.origins[0]: \"https://app.example.com/\" is not a web origin (expected"
                                + " scheme://host[:port] without a path, or *)",
                        "6:9: ops.port: 99999 is not a port (expected a whole number from 0 to 65535)",
                        "8:18: auth.jwt.secret: has 9 bytes (expected at least 32 bytes of text)",
                        "8:37: auth.jwt.leeway: \"5 seconds\" is not a duration (expected a whole number with ms, s, m, h"
                                + " or d, such as 100ms, 5s or 24h, from 0s to 30s)",
                        "9:14: auth.anonymous: \"yes\" is not true or false",
                        "11:10: limits.frame: \"64KB\" is not a size (expected a whole number with B, KiB, MiB, GiB or TiB,"
                                + " such as 64KiB or 1MiB, from 1KiB to 64MiB)",
                        "12:3: duplicate key \"frame\" (first on line 11)",
                        "13:21: limits.rate.messages: \"100 per second\" is not a rate (expected a whole number per time,"
                                + " such as 100/s)",
                        "17:15: addresses[0].delivery: \"latests\" is not one of log, latest, signal; did you mean"
                                + " \"latest\"?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "http: 5 | 1:7 http: 5 is not a section (expected the keys host, port, origins, tls, proxies)",
                "http: [] | 1:7 http: a list is not a section",
                "http: { port: true } | 1:15 http.port: true is not a port",
                "http: { port: '80' } | 1:15 http.port: \"80\" is not a port",
                "http: { port: 80.5 } | 1:15 http.port: 80.5 is not a port",
                "http: { port: -1 } | 1:15 http.port: -1 is not a port",
                "http: { port: 99999999999999999999999 } | 1:15 http.port: 99999999999999999999999 is not a port",
                "http: { port: } | 1:14 http.port: has no value (expected a whole number from 0 to 65535)",
                "http: { host: 5 } | 1:15 http.host: 5 is not a host (expected a host name or an IP address; put text in",
                "http: { origins: x } | 1:18 http.origins: \"x\" is not a list",
                "limits: { connections: 0 } | 1:24 limits.connections: 0 is out of range (expected a whole number from 1",
                "ops: { host: \"a\\u | 1:18 not YAML: an escape in a quoted text ends too early, or names no character",
                "http: { port: 51e-400 } | 1:15 http.port: 51e-400 is not a port (expected a whole number",
                "http: { port: 8080.0000000000000000000001 } | 1:15 http.port: 8080.0000000000000000000001 is not a port",
                "limits: { frame: 1GiB } | 1:18 limits.frame: \"1GiB\" is out of range (expected",
                "limits: { frame: 99999999999999999999TiB } | 1:18 limits.frame: \"99999999999999999999TiB\" is out of",
                "limits: { rate: { messages: 0/s } } | 1:29 limits.rate.messages: \"0/s\" is not a rate",
                "limits: { rate: { messages: 5/0s } } | 1:29 limits.rate.messages: \"5/0s\" is not a rate",
                "limits: { pending: 32KiB } | 1:20 limits.pending: pending must hold at least one frame, but pending is",
                "limits: { frame: 2MiB } | 1:18 limits.frame: pending must hold at least one frame",
                "cluster: { join: [a, 'b:1', 'c:70000'] } | 1:19 cluster.join[0]: \"a\" is not a member's address (exp"
                        + " & 1:29 cluster.join[2]: \"c:70000\" is not a member's address (expected host:port",
                "cluster: { minimumNodes: 2 } | 1:26 cluster.minimumNodes: 2 nodes never meet while cluster.enabled is",
                "{ cluster: { enabled: true }, replay: { store: memory } } | 1:48 replay.store: memory is for one node,",
                "replay: { store: hazelcast } | 1:18 replay.store: hazelcast keeps logs in the cluster's memory, but",
                "replay: { redis: { url: 'http://x' } } | 1:25 replay.redis.url: the value is not a Redis URL (expected",
                "drain: { within: 45s } | 1:18 drain.within: the node must have time left when its sockets are gone, but",
                "drain: { limit: 15s } | 1:17 drain.limit: the node must have time left when its sockets are gone",
                "ops: { port: 8080 } | 1:14 ops.port: 8080 is taken twice: http.port and ops.port must differ",
                "http: { port: 9090 } | 1:15 http.port: 9090 is taken twice",
                "{ cluster: { enabled: true, port: 8080 } } | 1:35 cluster.port: 8080 is taken twice",
                "{ cluster: { enabled: true }, http: { port: 5701 } } | 1:45 http.port: 5701 is taken twice: cluster.port must",
                "{ cluster: { enabled: true }, ops: { port: 5801 } } | 1:44 ops.port: 5801 is taken twice: cluster.busPort",
                "{ cluster: { enabled: true, busPort: 9090 } } | 1:38 cluster.busPort: 9090 is taken twice: cluster.busPort",
                "{ cluster: { enabled: true, busPort: 5701 } } | 1:38 cluster.busPort: 5701 is taken twice: cluster.busPort",
                "{ cluster: { enabled: true, port: 65500 } } | 1:35 cluster.port: 65500 leaves no port for the bus, which",
                "{ cluster: { enabled: true, busPort: 0 } } | 1:38 cluster.busPort: 0 is not a port (expected a whole number from 1",
                "{ cluster: { enabled: true, port: 0 } } | 1:35 cluster.port: 0 is not a port (expected a whole number from 1",
                "cluster: { join: ['a:1'], dns: hubs } | 1:27 cluster.dns: only one of join and dns may be given, and join",
                "cluster: { secret: short } | 1:20 cluster.secret: the value is not a secret (expected at least 16",
                "cluster: { tls: { certificate: pom.xml } } | 1:17 cluster.tls: key is missing (expected the name of a file)"
                        + " & 1:17 cluster.tls: ca is missing (expected the name of a file)",
                "http: { tls: { certificate: no.pem } } | 1:14 http.tls: key is missing (expected the name of a file)"
                        + " & 1:29 http.tls.certificate: there is no such file: \"no.pem\"",
                "events: nowhere | 1:9 events: there is no such folder: \"nowhere\"",
                "events: pom.xml | 1:9 events: there is no such folder: \"pom.xml\"",
                "auth: { jwt: { issuer: me } } | 1:14 auth.jwt: one of secret, publicKey and jwks is missing",
                "auth: { jwt: { secrett: x } } | 1:16 unknown key \"secrett\" in auth.jwt; did you mean \"secret\"?",
                "auth: { jwt: { publicKey: no.pem } } | 1:27 auth.jwt.publicKey: there is no such file: \"no.pem\"",
                "auth: { jwt: { jwks: 'ftp://x' } } | 1:22 auth.jwt.jwks: \"ftp://x\" is not a web URL (expected https:",
                "auth: { jwt: { jwks: 'https://' } } | 1:22 auth.jwt.jwks: \"https://\" is not a web URL",
                "auth: { jwt: { jwks: 'https://x/{y' } } | 1:22 auth.jwt.jwks: \"https://x/{y\" is not a web URL",
                "auth: { jwt: { leeway: 31s, jwks: 'https://x' } } | 1:24 auth.jwt.leeway: \"31s\" is out of range (exp",
                "auth: { jwt: { jwks: 'https://x', publicKey: pom.xml } } | 1:35 auth.jwt.publicKey: only one of",
                "auth: { apiKeys: [{ name: a, sha256: abc }] } | 1:38 auth.apiKeys[0].sha256: the value is not a SHA-256",
                "auth: { apiKeys: [{ name: a }] } | 1:19 auth.apiKeys[0]: sha256 is missing",
                "auth: { apiKeys: [x] } | 1:19 auth.apiKeys[0]: \"x\" is not an API key (expected the keys name,",
                "addresses: [{ subscribe: true }] | 1:13 addresses[0]: match is missing (expected a pattern such as",
                "addresses: [{ mach: 'a' }] | 1:15 unknown key \"mach\" in addresses[0]; did you mean \"match\"?",
                "addresses: [{ match: a, types: [x, 'a@0', 'a@1'] }] | 1:33 addresses[0].types[0]: \"x\" is not an event"
                        + " & 1:36 addresses[0].types[1]: \"a@0\" is not an event type (expected type@version,",
                "addresses: [{ match: a, subscribe: 5 }] | 1:36 addresses[0].subscribe: 5 is not an expression",
                "addresses: [{ match: a }, { match: a }] | 1:36 addresses[1].match: the rule on line 1 has the same",
                "addresses: [{ match: a, delivery: signal, keep: { events: 5 } }] | 1:43 addresses[0].keep: delivery:",
                "addresses: [{ match: a, every: 5s }] | 1:25 addresses[0].every: delivery: log passes every event on",
                "addresses: [{ match: a, delivery: Signals, every: 5s }] | 1:35 addresses[0].delivery: \"Signals\" is",
                "addresses: [{ match: a, delivery: signal, versions: rising }] | 1:53 addresses[0].versions: delivery:",
                "addresses: [{ match: a, body: any, types: ['a@1'] }] | 1:36 addresses[0].types: body: any has no type",
                "addresses: [{ match: a, body: binary, versions: rising }] | 1:49 addresses[0].versions: body: binary",
                "addresses: [{ match: a, presence: { notify: hub.presence } }] | 1:45 addresses[0].presence.notify:"
                        + " \"hub.presence\" is not an address of a service (expected an address of the event bus",
                "addresses: [{ match: a, keep: { events: 0, for: 0s, bytes: 1 } }] | 1:41 addresses[0].keep.events: 0 is"
                        + " & 1:49 addresses[0].keep.for: \"0s\" is out of & 1:60 addresses[0].keep.bytes: 1 is out of",
                "websockets: {} | 1:1 unknown key \"websockets\" (known: http, ops, drain, trace, auth, cluster, replay, limits, events",
                "auth: { api_keys: [] } | 1:9 unknown key \"api_keys\" in auth; did you mean \"apiKeys\"?",
                "just words | 1:1 a config is a section with keys",
                "http: !include x | 1:7 the tag !include means nothing here",
                "http: &x { tls: *x } | 1:7 an anchor must not hold itself",
                "http: *x | 1:7 not YAML: found undefined alias x",
                "http: { port: 1 | 1:16 not YAML: while parsing a flow mapping, expected ',' or '}', but got",
                "? [a] : 1 | 1:3 a key must be a word",
            })
    void faultIsToldOnceAtItsPlace(String text, String expected) {
        String[] all = expected.split(" & ", -1);
        assertThat(faults(text)).hasSize(all.length);
        for (int i = 0; i < all.length; i++) {
            assertThat(faults(text).get(i)).startsWith(all[i]);
        }
    }

    @Test
    void syntaxErrorHasTheParsersLineAndColumn() {
        assertThat(faults("http:\n  port: 1\n bad: 2\n"))
                .singleElement()
                .asString()
                .startsWith("3:2 not YAML: while parsing a block mapping, expected <block end>");
        assertThat(faults("http:\n\tport: 1\n")).singleElement().asString().startsWith("2:1 not YAML:");
        assertThat(faults("http:\n  host: a\u0007b\n"))
                .singleElement()
                .asString()
                .startsWith("2:10 not YAML: character 7 is not allowed");
    }

    @Test
    void columnsCountCharactersNotUnits() {
        assertThat(faults("auth: { jwt: { jwks: 'https://x', issuer: \"\uD83D\uDE00\", leeway: x } }"))
                .singleElement()
                .asString()
                .startsWith("1:56 auth.jwt.leeway:");
    }

    @Test
    void apiKeysNeedNamesAndHashesOfTheirOwn() {
        String text = "auth:\n  apiKeys:\n    - { name: a, sha256: %s }\n    - { name: a, sha256: %s }\n";
        assertThat(faults(text.formatted(HASH, HASH)))
                .containsExactly(
                        "4:15 auth.apiKeys[1].name: \"a\" is another API key's already (line 3)",
                        "4:26 auth.apiKeys[1].sha256: this SHA-256 is another API key's already (line 3)");
    }

    @Test
    void faultsNeverRepeatASecret() {
        assertThat(faults("auth: { jwt: { secret: hunter2, leeway: 5 }, apiKeys: [{ name: a, sha256: letmein }] }"))
                .hasSize(3)
                .noneMatch(fault -> fault.contains("hunter2") || fault.contains("letmein"));
        assertThat(faults("cluster: { secret: hunter2 }"))
                .singleElement()
                .asString()
                .doesNotContain("hunter2");
        assertThat(faults("replay: { redis: { url: 'redis:/user:hunter2@host' } }"))
                .singleElement()
                .asString()
                .doesNotContain("hunter2");
    }
}

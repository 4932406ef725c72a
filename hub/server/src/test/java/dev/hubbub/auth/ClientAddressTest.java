package dev.hubbub.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.AddressRange;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientAddressTest {
    private static final List<AddressRange> PROXIES = Stream.of("10.0.0.0/8", "192.168.1.7", "fd00::/8")
            .map(AddressRange::new)
            .toList();

    private static String of(String peer, List<String> forwardedFor, List<String> forwarded) {
        return ClientAddress.of(peer, PROXIES, forwardedFor, forwarded);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // who connects | X-Forwarded-For | the client
                "203.0.113.9 | 1.2.3.4              | 203.0.113.9", // no proxy of ours
                "10.1.1.1    | 1.2.3.4              | 1.2.3.4",
                "10.1.1.1    | 6.6.6.6, 1.2.3.4     | 1.2.3.4", // the client wrote the first itself
                "10.1.1.1    | 1.2.3.4, 192.168.1.7 | 1.2.3.4", // two proxies in a row
                "10.1.1.1    | 10.9.9.9             | 10.9.9.9", // only proxies: the farthest
                "10.1.1.1    | nonsense             | 10.1.1.1",
                "10.1.1.1    | 1.2.3.4, nonsense    | 10.1.1.1",
                "10.1.1.1    | nonsense, 1.2.3.4    | 1.2.3.4",
                "10.1.1.1    | localhost            | 10.1.1.1", // no name is looked up
                "10.1.1.1    | 1.2.3.4:5678         | 1.2.3.4",
                "10.1.1.1    | [2001:db8::1]:443    | 2001:db8:0:0:0:0:0:1",
                "10.1.1.1    | 2001:db8::1          | 2001:db8:0:0:0:0:0:1",
                "10.1.1.1    | ::ffff:1.2.3.4       | 1.2.3.4",
                "fd00::1     | 1.2.3.4              | 1.2.3.4",
                "192.168.1.8 | 1.2.3.4              | 192.168.1.8", // one address, not its neighbour
            })
    void theLastAddressThatIsNoProxyOfOursIsTheClients(String peer, String header, String client) {
        assertThat(of(peer, List.of(header), List.of())).isEqualTo(client);
    }

    @Test
    void severalHeadersAreOneListInTheirOrder() {
        assertThat(of("10.1.1.1", List.of("6.6.6.6", "1.2.3.4", "10.2.2.2"), List.of()))
                .isEqualTo("1.2.3.4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=1.2.3.4;proto=https;by=10.0.0.1 | 1.2.3.4",
                "For=\"[2001:db8::1]:4711\" | 2001:db8:0:0:0:0:0:1",
                "for=6.6.6.6, for=1.2.3.4 | 1.2.3.4",
                "for=_hidden | 10.1.1.1",
                "proto=https | 10.1.1.1",
            })
    void theStandardsHeaderSaysTheSame(String header, String client) {
        assertThat(of("10.1.1.1", List.of(), List.of(header))).isEqualTo(client);
    }

    @Test
    void twoHeadersThatDisagreeAreBothNotBelieved() {
        assertThat(of("10.1.1.1", List.of("1.2.3.4"), List.of("for=6.6.6.6"))).isEqualTo("10.1.1.1");
        assertThat(of("10.1.1.1", List.of("1.2.3.4"), List.of("for=1.2.3.4"))).isEqualTo("1.2.3.4");
    }

    @Test
    void withoutProxiesNobodyIsBelieved() {
        assertThat(ClientAddress.of("127.0.0.1", List.of(), List.of("1.2.3.4"), List.of()))
                .isEqualTo("127.0.0.1");
    }

    @Test
    void anEndlessListIsReadToItsEndOnly() {
        String many = "10.1.1.1, ".repeat(1_000) + "10.1.1.1";
        assertThat(of("10.1.1.1", List.of("1.2.3.4, " + many), List.of())).isEqualTo("10.1.1.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "fd00::/129", "host", "10.0.0"
            })
    void aRangeThatIsNoneIsRefused(String text) {
        assertThat(AddressRange.parse(text)).isEmpty();
    }

    @Test
    void everythingIsARangeToo() {
        AddressRange all = new AddressRange("0.0.0.0/0");
        assertThat(all.contains(new byte[] {1, 2, 3, 4})).isTrue();
        assertThat(all.contains(new byte[16])).as("another family").isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,true",
        "127.9.9.9,true",
        "localhost,true",
        "::1,true",
        "[::1],true",
        "127.evil.example,false",
        "localhost.evil.example,false",
        "0.0.0.0,false",
        "10.0.0.1,false"
    })
    void onlyThisMachineIsLoopback(String host, boolean loopback) {
        assertThat(AddressRange.isLoopback(host)).isEqualTo(loopback);
    }
}

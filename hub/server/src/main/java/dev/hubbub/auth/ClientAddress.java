package dev.hubbub.auth;

import dev.hubbub.auth.Caller.ConnectionInfo;
import dev.hubbub.config.AddressRange;
import dev.hubbub.config.HttpConfig;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds out where a client is, past the proxies that the config trusts.
 *
 * <p>Only a proxy of {@code http.proxies} is believed. Proxies append to {@code X-Forwarded-For} or {@code Forwarded},
 * so the list is read from its end: the first address that is no such proxy is the client's. What stands in front of it
 * anybody may have written. What is no address ends the list at the proxy that told it. A request with both headers,
 * which then name different clients, counts as the proxy's own: the proxy writes one of them, and nobody knows which.
 *
 * <p>Pure.
 */
public final class ClientAddress {
    private static final int MAX_AGENT = 256;
    /** More hops than that are no proxies'. */
    private static final int MOST_HOPS = 32;

    private ClientAddress() {}

    /** Returns what rules and limits may know of the connection that a request came on. */
    public static ConnectionInfo infoOf(HttpServerRequest request, HttpConfig http) {
        String agent =
                Optional.ofNullable(request.getHeader(HttpHeaders.USER_AGENT)).orElse("");
        String ip = of(
                request.remoteAddress().hostAddress(),
                http.proxies(),
                request.headers().getAll("X-Forwarded-For"),
                request.headers().getAll("Forwarded"));
        return new ConnectionInfo(ip, agent.substring(0, Math.min(agent.length(), MAX_AGENT)));
    }

    /**
     * Returns the client's address.
     *
     * @param peer who has connected to the listener
     * @param proxies whose word is taken
     * @param forwardedFor each {@code X-Forwarded-For} of the request, in order
     * @param forwarded each {@code Forwarded} of the request, in order
     */
    static String of(String peer, List<AddressRange> proxies, List<String> forwardedFor, List<String> forwarded) {
        if (proxies.isEmpty() || !isProxy(peer, proxies)) {
            return peer;
        }
        String byFirst = walk(peer, proxies, hops(forwardedFor, Optional::of));
        String bySecond = walk(peer, proxies, hops(forwarded, ClientAddress::forOf));
        if (forwardedFor.isEmpty() || forwarded.isEmpty()) {
            return forwardedFor.isEmpty() ? bySecond : byFirst;
        }
        return byFirst.equals(bySecond) ? byFirst : peer;
    }

    /** Tells whether an address is one of a proxy that is trusted. */
    public static boolean isProxy(String address, HttpConfig http) {
        return isProxy(address, http.proxies());
    }

    private static String walk(String peer, List<AddressRange> proxies, List<Optional<String>> hops) {
        String at = peer;
        int first = Math.max(0, hops.size() - MOST_HOPS);
        for (int i = hops.size() - 1; i >= first && isProxy(at, proxies); i--) {
            Optional<String> before = hops.get(i).flatMap(ClientAddress::address);
            if (before.isEmpty()) {
                return at;
            }
            at = before.get();
        }
        return at;
    }

    private static List<Optional<String>> hops(List<String> headers, Function<String, Optional<String>> read) {
        List<Optional<String>> hops = new ArrayList<>();
        for (String header : headers) {
            for (String hop : header.split(",", -1)) {
                hops.add(read.apply(hop.strip()));
            }
        }
        return hops;
    }

    /** Returns the {@code for} of one element of {@code Forwarded} (RFC 7239). */
    private static Optional<String> forOf(String element) {
        for (String pair : element.split(";", -1)) {
            String text = pair.strip();
            if (text.toLowerCase(Locale.ROOT).startsWith("for=")) {
                String value = text.substring(4).strip();
                boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
                return Optional.of(quoted ? value.substring(1, value.length() - 1) : value);
            }
        }
        return Optional.empty();
    }

    /** Reads {@code 1.2.3.4}, {@code 1.2.3.4:80}, {@code ::1}, {@code [::1]} and {@code [::1]:80}; asks no DNS. */
    private static Optional<String> address(String text) {
        String bare = text;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            bare = end < 0 ? "" : text.substring(1, end);
        } else if (text.indexOf(':') == text.lastIndexOf(':') && text.contains(":")) {
            bare = text.substring(0, text.indexOf(':'));
        }
        return bytes(bare).map(InetAddress::getHostAddress);
    }

    private static boolean isProxy(String address, List<AddressRange> proxies) {
        Optional<byte[]> bytes = bytes(address).map(InetAddress::getAddress);
        return bytes.isPresent() && proxies.stream().anyMatch(range -> range.contains(bytes.get()));
    }

    /** An IPv4 address within an IPv6 one is the IPv4 address. */
    private static Optional<InetAddress> bytes(String text) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("an address has 4 or 16 bytes", impossible);
        }
    }
}

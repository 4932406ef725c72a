package dev.hubbub.config;

import io.netty.util.NetUtil;
import java.util.List;
import java.util.Optional;

/**
 * The IP addresses that begin with the same bits, such as {@code 10.0.0.0/8}, {@code fd00::/8} or one address.
 *
 * @param text as the file has it
 */
public record AddressRange(String text) {
    private static final int BITS_PER_BYTE = 8;

    /** Checks the text; throws for one that is no range. */
    public AddressRange {
        if (!isRange(text)) {
            throw new IllegalArgumentException("no range of IP addresses: " + text);
        }
    }

    /** Reads a range; empty for a text that is none, or has bits set behind those that count. */
    public static Optional<AddressRange> parse(String text) {
        return isRange(text) ? Optional.of(new AddressRange(text)) : Optional.empty();
    }

    static List<AddressRange> read(SectionReader section, String key) {
        return section.parsedItems(key, AddressRange::parse);
    }

    private static boolean isRange(String text) {
        byte[] base = base(text);
        int bits = bits(text, base.length * BITS_PER_BYTE);
        if (base.length == 0 || bits < 0 || bits > base.length * BITS_PER_BYTE) {
            return false;
        }
        for (int bit = bits; bit < base.length * BITS_PER_BYTE; bit++) {
            if (isSet(base, bit)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] base(String text) {
        int slash = text.indexOf('/');
        byte[] base = NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
        return base == null ? new byte[0] : base;
    }

    private static int bits(String text, int all) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return all;
        }
        String number = text.substring(slash + 1);
        return number.matches("[0-9]{1,3}") ? Integer.parseInt(number) : -1;
    }

    private static boolean isSet(byte[] address, int bit) {
        return (address[bit / BITS_PER_BYTE] >> (BITS_PER_BYTE - 1 - bit % BITS_PER_BYTE) & 1) != 0;
    }

    /**
     * Tells whether an address is one of them.
     *
     * @param address 4 or 16 bytes
     */
    public boolean contains(byte[] address) {
        byte[] base = base(text);
        int bits = bits(text, base.length * BITS_PER_BYTE);
        if (base.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (isSet(base, bit) != isSet(address, bit)) {
                return false;
            }
        }
        return true;
    }

    /** Tells whether a host is this machine only, whatever its network. */
    public static boolean isLoopback(String host) {
        return host.matches("127\\.[0-9.]+") || host.equals("localhost") || host.equals("::1") || host.equals("[::1]");
    }
}

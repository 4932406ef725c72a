package dev.hubbub.permission;

import static dev.hubbub.fuzz.FuzzText.must;

import dev.hubbub.fuzz.FuzzText;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.util.Map;
import java.util.Optional;

/**
 * Line one is a pattern, line two an address: both are read or refused, and what is captured makes the address again.
 */
public final class PatternFuzz {
    private PatternFuzz() {}

    /** Feeds one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        String[] lines = FuzzText.of(data).split("\n", 2);
        Optional<Address> address = address(lines[lines.length - 1]);
        Optional<AddressPattern> pattern = pattern(lines[0]);
        if (pattern.isPresent()) {
            must(pattern.get().toString().equals(lines[0]), "a pattern is kept as it was written");
            must(pattern.get().covers(pattern.get()), "a pattern covers itself");
            address.ifPresent(place -> judge(pattern.get(), place));
        }
    }

    private static Optional<Address> address(String text) {
        try {
            return Optional.of(new Address(text));
        } catch (HubException refused) {
            judge(refused);
            must(!Address.isValid(text), "a valid address was refused");
            return Optional.empty();
        }
    }

    private static Optional<AddressPattern> pattern(String text) {
        try {
            return Optional.of(AddressPattern.parse(text));
        } catch (HubException refused) {
            judge(refused);
            must(refused.details().getInteger("column") >= 1, "the place of the fault is in the text");
            return Optional.empty();
        }
    }

    private static void judge(HubException refused) {
        must(refused.code() == ErrorCode.BAD_ADDRESS, "refused with " + refused.code());
        FuzzText.saysNothingOfTheInside(String.valueOf(refused.getMessage()), "");
    }

    private static void judge(AddressPattern pattern, Address address) {
        Optional<Map<String, String>> captured = pattern.match(address);
        must(captured.isPresent() == pattern.matches(address), "both ways to match agree");
        if (captured.isPresent()) {
            String made = pattern.toString();
            for (Map.Entry<String, String> name : captured.get().entrySet()) {
                made = made.replace("{" + name.getKey() + "}", name.getValue())
                        .replace("{" + name.getKey() + "...}", name.getValue());
            }
            must(made.equals(address.value()), "what is captured makes the address again, not " + made);
        }
    }
}

package dev.hubbub.permission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.attack.Attack;
import dev.hubbub.attack.AttackLog;
import dev.hubbub.config.ConfigException;
import dev.hubbub.protocol.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Whole sets of rules against a reader of its own: regular expressions, first match wins.
 *
 * <p>The other matcher knows nothing of how the hub's works: it makes a regular expression of each rule, and looks at
 * them one after the other.
 */
class RuleReferenceTest {
    private static final long SEED = 20260417;
    private static final int PAIRS = 100_000;
    private static final int ADDRESSES_PER_SET = 50;

    private record Reference(String match, Pattern regex, boolean yes) {}

    @Test
    @Attack("S30")
    void aHundredThousandPairsOfRulesAndAddressesAreDecidedAsTheReferenceSays() {
        Random random = new Random(SEED);
        int pairs = 0;
        int allowed = 0;
        int byLaterRule = 0;
        while (pairs < PAIRS) {
            List<Reference> references = new ArrayList<>();
            Optional<PermissionRules> rules = randomRules(random, references);
            for (int i = 0; rules.isPresent() && i < ADDRESSES_PER_SET && pairs < PAIRS; i++) {
                String address = randomAddress(random, references);
                Optional<Reference> first = references.stream()
                        .filter(reference -> reference.regex().matcher(address).matches())
                        .findFirst();
                boolean expected =
                        !address.startsWith("hub.") && first.map(Reference::yes).orElse(false);
                boolean got = rules.get()
                        .allows(RulesFixture.user(Map.of("sub", "alice")), Action.SUBSCRIBE, new Address(address));
                assertThat(got).as("%s on %s", references, address).isEqualTo(expected);
                allowed += expected ? 1 : 0;
                byLaterRule += first.isPresent() && !first.get().equals(references.get(0)) ? 1 : 0;
                pairs++;
            }
        }
        assertThat(allowed).as("both answers are met often").isBetween(PAIRS / 10, PAIRS * 9 / 10);
        assertThat(byLaterRule).isGreaterThan(PAIRS / 10);
        AttackLog.got("S30", PAIRS + " pairs, seed " + SEED, "no difference (" + allowed + " allowed)");
    }

    /** Empty for a set in which a rule can never match, which the hub refuses to load. */
    private static Optional<PermissionRules> randomRules(Random random, List<Reference> references) {
        RulesFixture fixture = RulesFixture.rules();
        int count = 1 + random.nextInt(5);
        for (int i = 0; i < count; i++) {
            StringBuilder match = new StringBuilder();
            StringBuilder regex = new StringBuilder();
            int segments = 1 + random.nextInt(3);
            for (int s = 0; s < segments; s++) {
                boolean last = s == segments - 1;
                if (last && random.nextInt(5) == 0) {
                    match.append("{rest...}");
                    regex.append("[A-Za-z0-9_\\-.:/@]+");
                } else if (random.nextBoolean()) {
                    match.append("{n").append(s).append('}');
                    regex.append("[A-Za-z0-9_\\-@]+");
                } else {
                    String word = pick(random, "a", "b", "room", "hub-x");
                    match.append(word);
                    regex.append(word);
                }
                if (!last) {
                    String separator = pick(random, ":", ".", "/");
                    match.append(separator);
                    regex.append(Pattern.quote(separator));
                }
            }
            boolean yes = random.nextInt(3) > 0;
            fixture =
                    fixture.subscribe(match.toString(), yes ? pick(random, "true", "claims.sub == 'alice'") : "false");
            references.add(new Reference(match.toString(), Pattern.compile(regex.toString()), yes));
        }
        try {
            return Optional.of(fixture.compile());
        } catch (ConfigException neverMatches) {
            return Optional.empty();
        }
    }

    private static String randomAddress(Random random, List<Reference> references) {
        String pattern = references.get(random.nextInt(references.size())).match();
        String filled = Pattern.compile("\\{[^}]*}")
                .matcher(pattern)
                .replaceAll(name -> word(random, name.group().contains("...") ? "ab1:./" : "ab1-@"));
        return switch (random.nextInt(6)) {
            case 0 -> filled + pick(random, ":", ".", "/", "a", ":a");
            case 1 -> pick(random, "a", ":", "hub.") + filled;
            case 2 -> word(random, "abroom:./-");
            default -> filled;
        };
    }

    private static String word(Random random, String alphabet) {
        StringBuilder word = new StringBuilder();
        int length = 1 + random.nextInt(5);
        for (int i = 0; i < length; i++) {
            word.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return word.toString();
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}

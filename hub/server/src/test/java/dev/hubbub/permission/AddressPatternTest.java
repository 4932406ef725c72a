package dev.hubbub.permission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.attack.Attack;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HubException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressPatternTest {

    private static Optional<Map<String, String>> match(String pattern, String address) {
        return AddressPattern.parse(pattern).match(new Address(address));
    }

    @Test
    void aNameTakesOneSegment() {
        assertThat(match("user:{id}", "user:alice")).contains(Map.of("id", "alice"));
        assertThat(match("user:{id}", "user:a@b-c_d")).contains(Map.of("id", "a@b-c_d"));
        for (String other :
                List.of("user:", "user:a:b", "user:a.b", "user:a/b", "User:a", "user:a:", "xuser:a", "user")) {
            assertThat(match("user:{id}", other)).as(other).isEmpty();
        }
    }

    @Test
    void aNameWithDotsTakesTheRest() {
        assertThat(match("file:{path...}", "file:a/b.c:d")).contains(Map.of("path", "a/b.c:d"));
        assertThat(match("file:{path...}", "file:")).isEmpty();
        assertThat(match("{all...}", "x")).contains(Map.of("all", "x"));
        assertThat(match("{t}/{all...}", "acme//x")).contains(Map.of("t", "acme", "all", "/x"));
    }

    @Test
    void literalsAroundANameInOneSegmentMatchExactly() {
        assertThat(match("doc-{id}-v1:{part}", "doc-7-v1:body")).contains(Map.of("id", "7", "part", "body"));
        assertThat(match("doc-{id}-v1", "doc-a-v1-v1")).contains(Map.of("id", "a-v1"));
        assertThat(match("doc-{id}-v1", "doc--v1")).isEmpty();
        assertThat(match("doc-{id}-v1", "doc-v1")).isEmpty();
        assertThat(match("plain.address", "plain.address")).contains(Map.of());
        assertThat(match("plain.address", "plainXaddress")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user:{id       | 6  | this { is never closed",
                "user:id}       | 8  | this } closes nothing",
                "a:{x}:{x}      | 8  | the name x is used twice",
                "{rest...}:b    | 2  | a name with ... takes the rest",
                "a#b            | 2  | an address cannot have this character",
                "a:*            | 3  | write {name} for one segment",
                "a b            | 2  | an address cannot have this character",
                "hub.auth       | 1  | belong to the hub itself",
                "hub.{any...}   | 1  | belong to the hub itself",
                "__vertx.{x}    | 1  | belong to the hub itself",
                "a:{claims}     | 4  | the name claims is taken",
                "a:{connection} | 4  | the name connection is taken",
                "a:{in}         | 4  | a word of the expression language",
                "a:{}           | 4  | a name is a letter",
                "a:{...}        | 4  | a name is a letter",
                "a:{1st}        | 4  | a name is a letter",
                "a:{x-y}        | 4  | a name is a letter",
                "{a}{b}         | 4  | two names in one segment",
                "{a}-{b}        | 5  | two names in one segment",
                "x:{a}{b...}    | 6  | two names in one segment",
                "a:{{b}}        | 4  | a name is a letter",
            })
    void aFaultIsToldWithItsPlace(String pattern, int column, String words) {
        assertThatThrownBy(() -> AddressPattern.parse(pattern)).isInstanceOfSatisfying(HubException.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.BAD_ADDRESS);
            assertThat(refused.details().getInteger("column")).isEqualTo(column);
            assertThat(refused).hasMessageContaining(words);
        });
    }

    @Test
    void emptyAndEndlessPatternsAreRefused() {
        assertThatThrownBy(() -> AddressPattern.parse("")).hasMessageContaining("at least one character");
        assertThatThrownBy(() -> AddressPattern.parse("x".repeat(256))).hasMessageContaining("no address is this long");
        assertThat(AddressPattern.parse("x".repeat(255)).matches(new Address("x".repeat(255))))
                .isTrue();
    }

    @Test
    @Attack("S30")
    void oneHundredThousandRandomPairsMatchAsTheReferenceSays() {
        Random random = new Random(20260101);
        int matched = 0;
        for (int i = 0; i < 100_000; i++) {
            String pattern = randomPattern(random);
            String address = randomAddress(random, pattern);
            Optional<Map<String, String>> expected = reference(pattern, address);
            AddressPattern compiled = AddressPattern.parse(pattern);
            assertThat(compiled.match(new Address(address)))
                    .as("%s on %s", pattern, address)
                    .isEqualTo(expected);
            assertThat(compiled.matches(new Address(address))).isEqualTo(expected.isPresent());
            matched += expected.isPresent() ? 1 : 0;
        }
        assertThat(matched).as("both answers are met often").isBetween(20_000, 90_000);
    }

    @Test
    void whatCoversMatchesWhateverIsCovered() {
        Random random = new Random(7);
        int covering = 0;
        for (int i = 0; i < 100_000; i++) {
            AddressPattern a = AddressPattern.parse(randomPattern(random));
            String text = randomPattern(random);
            AddressPattern b = AddressPattern.parse(text);
            if (a.covers(b)) {
                covering++;
                Address address = new Address(fill(random, text));
                assertThat(b.matches(address)).isTrue();
                assertThat(a.matches(address)).as("%s covers %s", a, b).isTrue();
            }
        }
        assertThat(covering).isGreaterThan(500);
    }

    private static String randomPattern(Random random) {
        StringBuilder pattern = new StringBuilder();
        int segments = 1 + random.nextInt(3);
        for (int i = 0; i < segments; i++) {
            boolean last = i == segments - 1;
            pattern.append(pick(random, "", "", "a", "ab-", "b"));
            boolean bare = pattern.isEmpty() || AddressPattern.isSeparator(pattern.charAt(pattern.length() - 1));
            if (last && random.nextInt(4) == 0) {
                return pattern.append("{r...}").toString();
            }
            if (bare || random.nextBoolean()) {
                pattern.append("{n").append(i).append('}').append(pick(random, "", "", "a", "-b"));
            }
            pattern.append(last ? "" : pick(random, ".", ":", "/", "::"));
        }
        return pattern.toString();
    }

    private static String randomAddress(Random random, String pattern) {
        if (random.nextInt(4) > 0) {
            String filled = fill(random, pattern);
            int cut = random.nextInt(filled.length() + 1);
            boolean mutate = random.nextInt(3) == 0;
            return mutate ? filled.substring(0, cut) + pick(random, "a", ":", ".") + filled.substring(cut) : filled;
        }
        return word(random, "ab-:./", 8);
    }

    private static String fill(Random random, String pattern) {
        Matcher names = Pattern.compile("\\{\\w+(\\.\\.\\.)?}").matcher(pattern);
        return names.replaceAll(name -> word(random, name.group(1) == null ? "ab-@" : "ab-:./", 4));
    }

    private static String word(Random random, String alphabet, int longest) {
        StringBuilder word = new StringBuilder();
        int length = 1 + random.nextInt(longest);
        for (int i = 0; i < length; i++) {
            word.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return word.toString();
    }

    private static String pick(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** The same meaning said with a regular expression. */
    private static Optional<Map<String, String>> reference(String pattern, String address) {
        StringBuilder regex = new StringBuilder();
        Map<String, Integer> groups = new LinkedHashMap<>();
        Matcher token = Pattern.compile("\\{(\\w+)(\\.\\.\\.)?}|[^{]").matcher(pattern);
        while (token.find()) {
            if (token.group(1) == null) {
                regex.append(Pattern.quote(token.group()));
            } else {
                groups.put(token.group(1), groups.size() + 1);
                regex.append(token.group(2) == null ? "([^.:/]+)" : "(.+)");
            }
        }
        Matcher matcher = Pattern.compile(regex.toString()).matcher(address);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Map<String, String> captured = new LinkedHashMap<>();
        groups.forEach((name, group) -> captured.put(name, matcher.group(group)));
        return Optional.of(captured);
    }
}

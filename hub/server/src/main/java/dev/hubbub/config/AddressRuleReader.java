package dev.hubbub.config;

import dev.hubbub.config.AddressRule.Body;
import dev.hubbub.config.AddressRule.Expression;
import dev.hubbub.config.AddressRule.Keep;
import dev.hubbub.config.AddressRule.Presence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads {@code addresses:}, and refuses rules that say two things at once. */
final class AddressRuleReader {

    /** What the config says for {@code versions:}. */
    private enum Versions {
        ANY,
        RISING
    }

    private AddressRuleReader() {}

    static List<AddressRule> read(List<SectionReader> sections) {
        List<AddressRule> rules = new ArrayList<>();
        Map<String, SourcePosition> patterns = new HashMap<>();
        for (SectionReader section : sections) {
            refuseWhatDoesNotFit(section);
            AddressRule rule = rule(rules.size(), section);
            rules.add(rule);
            SourcePosition first = patterns.putIfAbsent(rule.match().source(), section.at("match"));
            if (first != null && section.has("match")) {
                section.fault(
                        "match",
                        "the rule on line " + first.line()
                                + " has the same pattern and comes first, so this one is never used");
            }
        }
        return rules;
    }

    private static AddressRule rule(int index, SectionReader rule) {
        AddressRule read = new AddressRule(
                index,
                rule.expression("match").orElseGet(() -> new Expression("", SourcePosition.DEFAULT)),
                rule.expression("subscribe"),
                rule.expression("publish"),
                rule.expression("send"),
                rule.choice("delivery", DeliveryKind.class),
                rule.duration("every"),
                keep(rule.section("keep")),
                rule.optionalSection("presence").map(AddressRuleReader::presence),
                rule.texts("types"),
                rule.choice("versions", Versions.class) == Versions.RISING,
                rule.choice("body", Body.class));
        rule.done();
        return read;
    }

    private static Keep keep(SectionReader keep) {
        Keep read = new Keep(keep.integer("events"), keep.duration("for"), keep.size("bytes"));
        keep.done();
        return read;
    }

    private static Presence presence(SectionReader presence) {
        Presence read =
                new Presence(presence.texts("show"), presence.duration("grace"), presence.optionalText("notify"));
        presence.done();
        return read;
    }

    private static void refuseWhatDoesNotFit(SectionReader rule) {
        if (rule.isSound("delivery")) {
            refuseWhatDeliveryForbids(rule, rule.choice("delivery", DeliveryKind.class));
        }
        Body body = rule.choice("body", Body.class);
        if (body != Body.EVENT) {
            String verdict = "body: " + body.name().toLowerCase(Locale.ROOT) + " has no ";
            rule.refuse("types", verdict + "type to compare (types is for body: event)");
            if (rule.choice("versions", Versions.class) == Versions.RISING) {
                rule.fault("versions", verdict + "resourceVersion to compare (rising is for body: event)");
            }
        }
    }

    private static void refuseWhatDeliveryForbids(SectionReader rule, DeliveryKind delivery) {
        if (delivery == DeliveryKind.SIGNAL) {
            rule.refuse(
                    "keep",
                    "delivery: signal keeps nothing (keep is for log: events, for and bytes; and for latest, where events"
                            + " counts resources)");
            if (rule.choice("versions", Versions.class) == Versions.RISING) {
                rule.fault(
                        "versions", "delivery: signal keeps no versions to rise above (rising is for log and latest)");
            }
        }
        boolean thinned = rule.has("every") && !rule.duration("every").equals(Duration.ZERO);
        if (delivery == DeliveryKind.LOG && thinned) {
            rule.refuse("every", "delivery: log passes every event on (every is for latest and signal)");
        }
    }
}

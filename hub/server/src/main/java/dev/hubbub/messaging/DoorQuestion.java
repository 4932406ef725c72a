package dev.hubbub.messaging;

import dev.hubbub.auth.Revocations;
import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireType;
import dev.hubbub.bus.WireWriter;
import dev.hubbub.config.AddressRule;
import dev.hubbub.config.AddressRule.Expression;
import dev.hubbub.config.SourcePosition;
import dev.hubbub.messaging.Doorkeeper.Cut;
import java.util.List;
import java.util.Optional;

/**
 * What the doorkeepers of two nodes ask each other, and how it travels.
 *
 * <p>A number that was ever released means the same for ever; this room's doorkeeper has 90 to 99.
 */
public sealed interface DoorQuestion {

    /** How many connections a user has; answered with {@link Counted}. */
    record CountUser(String user) implements DoorQuestion {}

    /** What was revoked after a change; answered with {@link RevocationPage}. */
    record RevocationsAfter(long number) implements DoorQuestion {}

    /**
     * Which subscriptions these rules would end; answered with {@link Cuts}.
     *
     * @param rules of each rule what decides over subscribing
     */
    record WouldCut(List<AddressRule> rules) implements DoorQuestion {
        /** Copies the rules. */
        public WouldCut {
            rules = List.copyOf(rules);
        }

        static WouldCut of(List<AddressRule> rules) {
            return new WouldCut(rules);
        }
    }

    /** A number of connections. */
    record Counted(int connections) {}

    /** A part of what was revoked. */
    record RevocationPage(Revocations.Page page) {}

    /**
     * The subscriptions that would end.
     *
     * @param all at most as many as were asked for
     * @param more whether there are more
     */
    record Cuts(List<Cut> all, boolean more) {
        /** Copies the list. */
        public Cuts {
            all = List.copyOf(all);
        }
    }

    /** Returns the types, for the bus. */
    static List<WireType<?>> wireTypes() {
        return List.of(
                new WireType<>(90, CountUser.class, (out, q) -> out.text(q.user()), in -> new CountUser(in.text())),
                new WireType<>(
                        91,
                        Counted.class,
                        (out, a) -> out.number(a.connections()),
                        in -> new Counted(in.smallNumber())),
                new WireType<>(
                        92,
                        RevocationsAfter.class,
                        (out, q) -> out.number(q.number()),
                        in -> new RevocationsAfter(in.number())),
                new WireType<>(93, RevocationPage.class, DoorQuestion::write, DoorQuestion::page),
                new WireType<>(
                        94,
                        WouldCut.class,
                        (out, q) -> out.list(q.rules(), DoorQuestion::write),
                        in -> new WouldCut(in.list(DoorQuestion::rule))),
                new WireType<>(95, Cuts.class, DoorQuestion::write, DoorQuestion::cuts));
    }

    private static void write(WireWriter out, RevocationPage answer) {
        out.list(answer.page().known(), (to, known) -> {
            to.flag(known.token());
            to.text(known.value());
            to.number(known.issuedBeforeMillis());
            to.number(known.endsAtMillis());
        });
        out.number(answer.page().last());
        out.flag(answer.page().more());
    }

    private static RevocationPage page(WireReader in) {
        List<Revocations.Known> known =
                in.list(from -> new Revocations.Known(from.flag(), from.text(), from.number(), from.number()));
        return new RevocationPage(new Revocations.Page(known, in.number(), in.flag()));
    }

    private static void write(WireWriter out, AddressRule rule) {
        write(out, rule.match());
        out.optional(rule.subscribe(), DoorQuestion::write);
    }

    private static void write(WireWriter out, Expression expression) {
        out.text(expression.source());
        out.text(expression.at().file());
        out.number(expression.at().line());
        out.number(expression.at().column());
    }

    private static AddressRule rule(WireReader in) {
        Expression match = expression(in);
        Optional<Expression> subscribe = in.optional(DoorQuestion::expression);
        return AddressRule.forSubscribing(match, subscribe);
    }

    private static Expression expression(WireReader in) {
        String source = in.text();
        String file = in.text();
        return new Expression(source, new SourcePosition(file, in.smallNumber(), in.smallNumber()));
    }

    private static void write(WireWriter out, Cuts cuts) {
        out.list(cuts.all(), (to, cut) -> {
            to.text(cut.user());
            to.text(cut.connection());
            to.text(cut.node());
            to.text(cut.address());
            to.text(cut.rule());
            to.text(cut.why());
        });
        out.flag(cuts.more());
    }

    private static Cuts cuts(WireReader in) {
        List<Cut> all =
                in.list(from -> new Cut(from.text(), from.text(), from.text(), from.text(), from.text(), from.text()));
        return new Cuts(all, in.flag());
    }
}

package dev.hubbub.messaging;

import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireType;
import dev.hubbub.bus.WireWriter;
import dev.hubbub.messaging.Connections.Entry;
import dev.hubbub.messaging.Connections.Revocation;
import dev.hubbub.messaging.LoopSubscriber.Audience;
import dev.hubbub.protocol.Address;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ConnectionId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The messages of this room that travel between nodes.
 *
 * <p>A number that was ever released means the same for ever; the next free one is 47.
 */
public final class MessagingWire {
    private MessagingWire() {}

    /** Returns the types, for the bus. */
    public static List<WireType<?>> types() {
        return List.of(
                new WireType<>(
                        40,
                        LoopQuestion.CountAudiences.class,
                        (out, question) -> out.text(question.prefix()),
                        in -> new LoopQuestion.CountAudiences(in.text())),
                new WireType<>(
                        41,
                        LoopQuestion.ListUser.class,
                        (out, question) -> out.text(question.user()),
                        in -> new LoopQuestion.ListUser(in.text())),
                new WireType<>(42, LoopQuestion.CloseUser.class, MessagingWire::write, MessagingWire::closeUser),
                new WireType<>(43, LoopQuestion.Revoke.class, MessagingWire::write, MessagingWire::revoke),
                new WireType<>(44, LoopQuestion.Audiences.class, MessagingWire::write, MessagingWire::audiences),
                new WireType<>(
                        45,
                        LoopQuestion.Entries.class,
                        (out, entries) -> out.list(entries.all(), MessagingWire::write),
                        in -> new LoopQuestion.Entries(in.list(MessagingWire::entry))),
                new WireType<>(
                        46,
                        LoopQuestion.Closed.class,
                        (out, closed) -> out.number(closed.connections()),
                        in -> new LoopQuestion.Closed(in.smallNumber())));
    }

    private static void write(WireWriter out, LoopQuestion.CloseUser question) {
        out.text(question.user());
        out.number(question.code().number());
        out.text(question.reason());
    }

    private static LoopQuestion.CloseUser closeUser(WireReader in) {
        String user = in.text();
        int number = in.smallNumber();
        CloseCode code = Arrays.stream(CloseCode.values())
                .filter(known -> known.number() == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("close code: " + number));
        return new LoopQuestion.CloseUser(user, code, in.text());
    }

    private static void write(WireWriter out, LoopQuestion.Revoke question) {
        if (question.revocation() instanceof Revocation.Token token) {
            out.flag(true);
            out.text(token.jti());
        } else if (question.revocation() instanceof Revocation.User user) {
            out.flag(false);
            out.text(user.sub());
            out.number(user.beforeMillis());
        }
        out.number(question.nowMillis());
    }

    private static LoopQuestion.Revoke revoke(WireReader in) {
        Revocation revocation =
                in.flag() ? new Revocation.Token(in.text()) : new Revocation.User(in.text(), in.number());
        return new LoopQuestion.Revoke(revocation, in.number());
    }

    private static void write(WireWriter out, LoopQuestion.Audiences audiences) {
        out.list(audiences.all().entrySet(), (to, entry) -> {
            to.text(entry.getKey().value());
            to.number(entry.getValue().subscribers());
            to.list(entry.getValue().users(), WireWriter::text);
        });
    }

    private static LoopQuestion.Audiences audiences(WireReader in) {
        Map<Address, Audience> all = new HashMap<>();
        List<Map.Entry<Address, Audience>> entries = in.list(from -> Map.entry(
                new Address(from.text()), new Audience(from.smallNumber(), Set.copyOf(from.list(WireReader::text)))));
        entries.forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        return new LoopQuestion.Audiences(all);
    }

    private static void write(WireWriter out, Entry entry) {
        out.text(entry.id().value());
        out.text(entry.user());
        out.text(entry.ip());
        out.text(entry.transport());
        out.number(entry.sinceMillis());
        out.text(entry.node());
    }

    private static Entry entry(WireReader in) {
        return new Entry(new ConnectionId(in.text()), in.text(), in.text(), in.text(), in.number(), in.text());
    }
}

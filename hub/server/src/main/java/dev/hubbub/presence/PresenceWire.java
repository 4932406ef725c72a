package dev.hubbub.presence;

import dev.hubbub.bus.WireReader;
import dev.hubbub.bus.WireType;
import dev.hubbub.bus.WireWriter;
import dev.hubbub.presence.PresenceMessage.At;
import dev.hubbub.presence.PresenceMessage.Delta;
import dev.hubbub.protocol.Address;
import java.util.List;
import java.util.Map;

/**
 * The messages of this room that travel between nodes.
 *
 * <p>A number that was ever released means the same for ever; the next free one is 82.
 */
public final class PresenceWire {
    private PresenceWire() {}

    /** Returns the types, for the bus. */
    public static List<WireType<?>> types() {
        return List.of(
                new WireType<>(70, PresenceMessage.Tell.class, PresenceWire::write, PresenceWire::tell),
                new WireType<>(
                        71,
                        PresenceMessage.Pull.class,
                        (out, pull) -> out.list(pull.addresses(), PresenceWire::address),
                        in -> new PresenceMessage.Pull(in.list(PresenceWire::address))),
                new WireType<>(
                        72,
                        PresenceMessage.TellAll.class,
                        (out, all) -> out.text(all.owner()),
                        in -> new PresenceMessage.TellAll(in.text())),
                new WireType<>(
                        73,
                        PresenceMessage.Dead.class,
                        (out, dead) -> incarnation(out, dead.who()),
                        in -> new PresenceMessage.Dead(incarnation(in))),
                new WireType<>(74, PresenceMessage.Listen.class, PresenceWire::write, PresenceWire::listen),
                new WireType<>(75, PresenceMessage.Forget.class, PresenceWire::write, PresenceWire::forget),
                new WireType<>(76, PresenceMessage.Changes.class, PresenceWire::write, PresenceWire::changes),
                new WireType<>(77, PresenceMessage.Read.class, PresenceWire::write, PresenceWire::read),
                new WireType<>(79, PresenceAnswer.Lists.class, PresenceWire::write, PresenceWire::lists),
                new WireType<>(80, PresenceAnswer.Listening.class, PresenceWire::write, PresenceWire::listening),
                new WireType<>(81, PresenceAnswer.Page.class, PresenceWire::write, PresenceWire::page));
    }

    private static void address(WireWriter out, Address address) {
        out.text(address.value());
    }

    private static Address address(WireReader in) {
        return new Address(in.text());
    }

    private static void incarnation(WireWriter out, Incarnation who) {
        out.text(who.node());
        out.number(who.number());
    }

    private static Incarnation incarnation(WireReader in) {
        return new Incarnation(in.text(), in.number());
    }

    private static void write(WireWriter out, PresenceMessage.Tell tell) {
        incarnation(out, tell.who());
        out.number(tell.number());
        out.number(tell.floor());
        out.list(tell.all(), PresenceWire::at);
    }

    private static PresenceMessage.Tell tell(WireReader in) {
        return new PresenceMessage.Tell(incarnation(in), in.number(), in.number(), in.list(PresenceWire::at));
    }

    private static void at(WireWriter out, At at) {
        address(out, at.address());
        out.number(at.policy().graceMillis());
        out.optional(at.policy().service(), WireWriter::text);
        out.number(at.part().floor());
        out.list(at.part().dots().entrySet(), PresenceWire::dot);
    }

    private static At at(WireReader in) {
        Address address = address(in);
        PresencePolicy policy = new PresencePolicy(in.number(), in.optional(WireReader::text));
        Part part = new Part(in.number());
        in.list(PresenceWire::dot).forEach(dot -> part.say(dot.getKey(), dot.getValue()));
        return new At(address, policy, part);
    }

    private static void dot(WireWriter out, Map.Entry<String, Part.Dot> dot) {
        out.text(dot.getKey());
        out.number(dot.getValue().version());
        out.optional(dot.getValue().device(), PresenceWire::device);
    }

    private static Map.Entry<String, Part.Dot> dot(WireReader in) {
        return Map.entry(in.text(), new Part.Dot(in.number(), in.optional(PresenceWire::device)));
    }

    private static void device(WireWriter out, Device device) {
        out.text(device.connection());
        out.text(device.node());
        out.text(device.user());
        out.text(device.claims());
        out.number(device.claimsAtMillis());
        out.number(device.sinceMillis());
        out.optional(device.state(), (to, state) -> {
            to.text(state.json());
            to.number(state.setAtMillis());
            to.number(state.endsAtMillis());
        });
    }

    private static Device device(WireReader in) {
        return new Device(
                in.text(),
                in.text(),
                in.text(),
                in.text(),
                in.number(),
                in.number(),
                in.optional(from -> new DeviceState(from.text(), from.number(), from.number())));
    }

    private static void person(WireWriter out, Person person) {
        out.text(person.user());
        out.list(person.devices(), PresenceWire::device);
    }

    private static Person person(WireReader in) {
        return new Person(in.text(), in.list(PresenceWire::device));
    }

    private static void write(WireWriter out, PresenceMessage.Listen listen) {
        out.text(listen.node());
        out.list(listen.addresses(), PresenceWire::address);
    }

    private static PresenceMessage.Listen listen(WireReader in) {
        return new PresenceMessage.Listen(in.text(), in.list(PresenceWire::address));
    }

    private static void write(WireWriter out, PresenceMessage.Forget forget) {
        out.text(forget.node());
        out.list(forget.addresses(), PresenceWire::address);
    }

    private static PresenceMessage.Forget forget(WireReader in) {
        return new PresenceMessage.Forget(in.text(), in.list(PresenceWire::address));
    }

    private static void write(WireWriter out, PresenceMessage.Changes changes) {
        out.text(changes.owner());
        out.text(changes.link());
        out.number(changes.number());
        out.list(changes.all(), (to, delta) -> {
            address(to, delta.address());
            to.list(delta.here(), PresenceWire::person);
            to.list(delta.gone(), WireWriter::text);
        });
        out.list(changes.moved(), PresenceWire::address);
    }

    private static PresenceMessage.Changes changes(WireReader in) {
        return new PresenceMessage.Changes(
                in.text(),
                in.text(),
                in.number(),
                in.list(from -> new Delta(address(from), from.list(PresenceWire::person), from.list(WireReader::text))),
                in.list(PresenceWire::address));
    }

    private static void write(WireWriter out, PresenceMessage.Read read) {
        address(out, read.address());
        out.number(read.limit());
        out.optional(read.after(), WireWriter::text);
    }

    private static PresenceMessage.Read read(WireReader in) {
        return new PresenceMessage.Read(address(in), in.smallNumber(), in.optional(WireReader::text));
    }

    private static void write(WireWriter out, PresenceAnswer.Lists lists) {
        incarnation(out, lists.who());
        out.list(lists.all(), PresenceWire::at);
    }

    private static PresenceAnswer.Lists lists(WireReader in) {
        return new PresenceAnswer.Lists(incarnation(in), in.list(PresenceWire::at));
    }

    private static void write(WireWriter out, PresenceAnswer.Listening answer) {
        out.text(answer.link());
        out.number(answer.number());
        out.list(answer.all(), (to, people) -> to.optional(people, (t, all) -> t.list(all, PresenceWire::person)));
    }

    private static PresenceAnswer.Listening listening(WireReader in) {
        return new PresenceAnswer.Listening(
                in.text(), in.number(), in.list(from -> from.optional(f -> f.list(PresenceWire::person))));
    }

    private static void write(WireWriter out, PresenceAnswer.Page page) {
        out.number(page.users());
        out.number(page.devices());
        out.text(page.roster());
        out.flag(page.more());
    }

    private static PresenceAnswer.Page page(WireReader in) {
        return new PresenceAnswer.Page(in.smallNumber(), in.smallNumber(), in.text(), in.flag());
    }
}

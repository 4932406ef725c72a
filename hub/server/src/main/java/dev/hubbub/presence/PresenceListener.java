package dev.hubbub.presence;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.presence.PresenceMessage.Changes;
import dev.hubbub.presence.PresenceMessage.Delta;
import dev.hubbub.presence.PresenceNews.Kind;
import dev.hubbub.protocol.Address;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the subscribers of this node are told: each address is listened to at its owner, once.
 *
 * <p>Nothing is inferred from silence. The node asks for the roster again when a number is skipped, when the owner or
 * the members are others, when an owner has not been heard for {@value #SILENT_MILLIS} ms, and in any case about every
 * {@value #ROUND_SECONDS} s. Devices of nodes that are no members are not there, whatever the owner says.
 *
 * <p>At most one frame of each address in {@value #TICK_MILLIS} ms; it is encoded once. Confined to one event loop.
 */
final class PresenceListener {
    static final long TICK_MILLIS = 100;
    static final long SILENT_MILLIS = 3_000;
    static final int ROUND_SECONDS = 30;
    private static final Logger LOG = LoggerFactory.getLogger(PresenceListener.class);
    private static final long RETRY_MILLIS = 100;
    private static final int MOST_IN_ONE_QUESTION = 200;

    private final Bus bus;
    private final Ownership ownership;
    private final EventLoop loop;
    private final PresenceMeters meters;
    private final String self;
    private final NodeAsks asks;
    private final Map<Address, ListenedAddress> all = new HashMap<>();
    private final Set<ListenedAddress> busy = new LinkedHashSet<>();
    private final Map<String, Link> links = new HashMap<>();
    private Map<Address, ListenedAddress> wanted = new LinkedHashMap<>();
    private boolean sending;
    private Set<String> members;
    private long generations;
    private long seconds;

    PresenceListener(Bus bus, Ownership ownership, EventLoop loop, PresenceMeters meters) {
        this.bus = bus;
        this.ownership = ownership;
        this.loop = loop;
        this.meters = meters;
        this.self = ownership.node();
        this.asks = new NodeAsks(bus, self);
        this.members = ownership.nodes();
    }

    /** What is known of the numbering of one owner. */
    private static final class Link {
        private final String name;
        private long number;
        private long heardAtMillis;

        Link(String name) {
            this.name = name;
        }
    }

    private long now() {
        return loop.clock().millis();
    }

    // ---- what loops want

    /** Gives a loop the roster, now or as soon as it is known, and from then on the changes. */
    void watch(LocalMessage.Watch watch) {
        ListenedAddress at = all.get(watch.address());
        if (at == null) {
            at = new ListenedAddress(
                    watch.address(), ++generations, watch.policy().graceMillis());
            all.put(watch.address(), at);
            ask(at);
        }
        at.roster.grace(watch.policy().graceMillis());
        at.inboxes.add(watch.inbox());
        if (at.ready) {
            sendRoster(at, Set.of(watch.inbox()), PresenceNews.NOBODY_ELSE);
        } else {
            at.waiting.add(watch.inbox());
        }
    }

    void unwatch(LocalMessage.Unwatch unwatch) {
        ListenedAddress at = all.get(unwatch.address());
        if (at == null) {
            return;
        }
        at.inboxes.remove(unwatch.inbox());
        at.waiting.remove(unwatch.inbox());
        if (at.inboxes.isEmpty()) {
            all.remove(at.address);
            busy.remove(at);
            wanted.remove(at.address);
            forget(at);
        }
    }

    private void forget(ListenedAddress at) {
        if (!at.owner.isEmpty()) {
            forget(at.owner, at.address);
        }
    }

    private void forget(String owner, Address address) {
        PresenceInbox.tell(bus, self, owner, new PresenceMessage.Forget(self, List.of(address)));
    }

    /** Everybody has looked away while the owner was asked; unless somebody looks again, whom it must not forget. */
    private void lookedAway(String owner, ListenedAddress at) {
        if (!all.containsKey(at.address)) {
            forget(owner, at.address);
        }
    }

    private void sendRoster(ListenedAddress at, Set<String> inboxes, long from) {
        PresenceNews news =
                new PresenceNews(at.address, at.generation, Kind.ROSTER, at.roster.handOut(), from, at.frame());
        inboxes.forEach(inbox -> bus.tell(inbox, news));
        meters.frame(Kind.ROSTER);
    }

    // ---- asking owners

    private void ask(ListenedAddress at) {
        if (at.asking) {
            at.doubtful = true;
            return;
        }
        wanted.put(at.address, at);
        if (!sending) {
            sending = true;
            loop.soon(() -> {
                sending = false;
                send();
            });
        }
    }

    private void send() {
        Map<Address, ListenedAddress> ready = wanted;
        wanted = new LinkedHashMap<>();
        Map<String, List<ListenedAddress>> byOwner = new LinkedHashMap<>();
        ready.values().forEach(at -> {
            String owner = ownership.ownerOf(at.address);
            List<ListenedAddress> batch = byOwner.computeIfAbsent(owner, o -> new ArrayList<>());
            batch.add(at);
            if (batch.size() == MOST_IN_ONE_QUESTION) {
                send(owner, batch);
                byOwner.remove(owner);
            }
        });
        byOwner.forEach(this::send);
    }

    private void send(String owner, List<ListenedAddress> batch) {
        batch.forEach(at -> {
            at.asking = true;
            at.doubtful = false;
        });
        PresenceMessage.Listen question = new PresenceMessage.Listen(
                self, batch.stream().map(at -> at.address).toList());
        asks.<PresenceAnswer.Listening>ask(owner, question).onComplete(done -> {
            batch.forEach(at -> at.asking = false);
            if (done.succeeded()) {
                heard(owner, batch, done.result());
            } else {
                batch.forEach(at -> lookedAway(owner, at)); // only the answer may have been lost
                batch.forEach(at -> later(at, String.valueOf(done.cause().getMessage())));
            }
        });
    }

    private void later(ListenedAddress at, String reason) {
        if (all.get(at.address) != at || at.retrying) {
            return;
        }
        if (!at.failing) {
            at.failing = true;
            LOG.debug("presence_not_heard address={} reason={}", at.address, reason);
        }
        at.retrying = true;
        loop.after(RETRY_MILLIS, () -> {
            at.retrying = false;
            if (all.get(at.address) == at) {
                ask(at);
            }
        });
    }

    private void heard(String owner, List<ListenedAddress> batch, PresenceAnswer.Listening answer) {
        Link link = links.get(owner);
        if (link == null || !link.name.equals(answer.link())) {
            link = new Link(answer.link());
            link.number = answer.number();
            links.put(owner, link);
            // What was listened to under another name the owner does not know any more.
            all.values().stream().filter(at -> at.owner.equals(owner)).toList().forEach(this::ask);
        }
        if (answer.number() > link.number) {
            // Something was lost before this answer, and may have been about any of the others.
            Set<ListenedAddress> asked = Set.copyOf(batch);
            all.values().stream()
                    .filter(at -> at.owner.equals(owner) && !asked.contains(at))
                    .toList()
                    .forEach(this::ask);
        }
        boolean late = answer.number() < link.number;
        link.number = Math.max(link.number, answer.number());
        link.heardAtMillis = now();
        for (int i = 0; i < batch.size(); i++) {
            ListenedAddress at = batch.get(i);
            Optional<List<Person>> people = answer.all().get(i);
            if (all.get(at.address) != at) {
                lookedAway(owner, at);
                continue;
            }
            if (people.isEmpty()) {
                later(at, "another node owns it");
                continue;
            }
            at.owner = owner;
            at.failing = false;
            take(at, people.get());
            if (late || at.doubtful || !ownership.ownerOf(at.address).equals(owner)) {
                ask(at);
            }
        }
    }

    // ---- what owners tell

    private void take(ListenedAddress at, List<Person> everybody) {
        long now = now();
        List<Person> here = everybody.stream()
                .map(person -> person.arriving(now))
                .flatMap(person -> person.on(members::contains).stream())
                .toList();
        at.roster.replace(here, now);
        if (at.ready) {
            busy.add(at);
        } else {
            at.ready = true;
            at.roster.begin(now);
            sendRoster(at, Set.copyOf(at.waiting), PresenceNews.NOBODY_ELSE);
            at.waiting.clear();
            busy.add(at);
        }
    }

    /** Takes what an owner says has changed. */
    void take(Changes changes) {
        Link link = links.get(changes.owner());
        if (link == null || !link.name.equals(changes.link())) {
            return; // late, or from an owner that has forgotten this node; silence will tell
        }
        link.heardAtMillis = now();
        if (changes.number() <= link.number) {
            return;
        }
        boolean skipped = changes.number() > link.number + 1;
        link.number = changes.number();
        changes.all().forEach(delta -> take(changes.owner(), delta));
        changes.moved().stream()
                .flatMap(address -> Optional.ofNullable(all.get(address)).stream())
                .filter(at -> at.owner.equals(changes.owner()))
                .forEach(this::ask);
        if (skipped) {
            askAgainAt(changes.owner());
        }
    }

    private void take(String owner, Delta delta) {
        ListenedAddress at = all.get(delta.address());
        if (at == null) {
            forget(owner, delta.address()); // it did not hear that nobody looks here any more
            return;
        }
        if (!at.ready || !at.owner.equals(owner)) {
            return;
        }
        long now = now();
        delta.gone().forEach(user -> at.roster.remove(user, now));
        for (Person person : delta.here()) {
            person.arriving(now)
                    .on(members::contains)
                    .ifPresentOrElse(at.roster::put, () -> at.roster.remove(person.user(), now));
        }
        busy.add(at);
    }

    private void askAgainAt(String owner) {
        all.values().stream().filter(at -> at.owner.equals(owner)).toList().forEach(this::ask);
    }

    // ---- time and members

    /** Called ten times a second: subscribers hear what there is to tell. */
    void tick() {
        long now = now();
        for (ListenedAddress at : List.copyOf(busy)) {
            at.roster.tick(now).ifPresent(news -> tell(at, news));
            if (!at.roster.isBusy()) {
                busy.remove(at);
            }
        }
    }

    private void tell(ListenedAddress at, ToldRoster.News news) {
        if (news.whole()) {
            sendRoster(at, at.inboxes, 0);
            return;
        }
        if (!news.changes().isEmpty() || news.rosterFrom().isEmpty()) {
            ToldRoster roster = at.roster;
            PresenceFrame frame = new PresenceFrame(
                    RosterText.changes(at.address, roster.seq(), roster.users(), roster.devices(), news.changes()));
            PresenceNews changes =
                    new PresenceNews(at.address, at.generation, Kind.CHANGES, 0, PresenceNews.NOBODY_ELSE, frame);
            at.inboxes.forEach(inbox -> bus.tell(inbox, changes));
            meters.frame(Kind.CHANGES);
        }
        news.rosterFrom().ifPresent(from -> sendRoster(at, at.inboxes, from));
    }

    /** Called once a second. */
    void second() {
        seconds++;
        long now = now();
        int turn = (int) (seconds % ROUND_SECONDS);
        for (ListenedAddress at : List.copyOf(all.values())) {
            Link link = links.get(at.owner);
            boolean silent = link == null || now - link.heardAtMillis > SILENT_MILLIS;
            if (silent || Math.floorMod(at.address.hashCode(), ROUND_SECONDS) == turn) {
                ask(at);
            }
        }
    }

    /** Takes note that members came or went, or that addresses moved. */
    void changed(Ownership.Change change) {
        change.gone().forEach(links::remove);
        asks.gone(change.gone());
        Set<String> before = members;
        members = ownership.nodes();
        boolean others = !before.equals(members);
        if (others && !members.containsAll(before)) {
            all.values().forEach(this::dropTheDead);
        }
        for (ListenedAddress at : List.copyOf(all.values())) {
            if (others || !ownership.ownerOf(at.address).equals(at.owner)) {
                ask(at);
            }
        }
    }

    private void dropTheDead(ListenedAddress at) {
        long now = now();
        for (Person person : List.copyOf(at.roster.people())) {
            Optional<Person> left = person.on(members::contains);
            if (left.isEmpty()) {
                at.roster.remove(person.user(), now);
            } else if (left.get().devices().size() < person.devices().size()) {
                at.roster.put(left.get());
            }
        }
        busy.add(at);
    }
}

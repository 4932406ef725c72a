package dev.hubbub.replay;

import dev.hubbub.bus.Bus;
import dev.hubbub.bus.EventLoop;
import dev.hubbub.bus.Ownership;
import dev.hubbub.protocol.Address;
import dev.hubbub.replay.Deliveries.Origin;
import dev.hubbub.replay.OwnerAnswer.Heard;
import dev.hubbub.replay.OwnerAnswer.Listening;
import dev.hubbub.replay.OwnerQuestion.Wanted;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where this node listens, on behalf of all its event loops: each address at its owner, once.
 *
 * <p>Nothing is inferred from silence. The node listens again, which tells it the head of the log of that moment, when
 * the members or the owner changed, when a batch was skipped or the numbering is another, when an owner has not been
 * heard for {@value #SILENT_MILLIS} ms, when the owner says so, and in any case about every {@value #ROUND_SECONDS} s.
 * A loop compares that head with its own place and reads from the log what it missed.
 *
 * <p>Confined to one event loop, the one on which the batches arrive: what a loop is told keeps their order. Holds the
 * addresses that loops listen to, and the questions about them, at most one for each address at a time.
 */
final class Attachments {
    static final long SILENT_MILLIS = 3_000;
    static final int ROUND_SECONDS = 30;
    private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);
    private static final int MOST_IN_ONE_QUESTION = 500;
    private static final long REORDER_MILLIS = 200;
    private static final long RETRY_MILLIS = 100;
    private static final long LONGEST_RETRY_MILLIS = 1_000;

    private final Bus bus;
    private final Ownership ownership;
    private final EventLoop loop;
    private final OwnerAsks asks;
    private final ReplayMeters meters;
    private final Map<Address, Attachment> attachments = new HashMap<>();
    private final Map<String, OwnerLink> links = new HashMap<>();
    private Map<Address, Attachment> wanted = new LinkedHashMap<>();
    private final Map<Address, Attachment> retries = new LinkedHashMap<>();
    private boolean retryPending;
    private boolean sendPending;
    private long view;
    private long ticks;

    Attachments(Bus bus, Ownership ownership, EventLoop loop, ReplayMeters meters) {
        this.meters = meters;
        this.bus = bus;
        this.ownership = ownership;
        this.loop = loop;
        this.asks = new OwnerAsks(bus, ownership);
        this.view = ownership.view();
    }

    /** Answers a loop of this node. */
    Future<Object> answer(AttachQuestion question) {
        if (question instanceof AttachQuestion.Attach attach) {
            return attach(attach).map(attached -> attached);
        }
        AttachQuestion.Detach detach = (AttachQuestion.Detach) question;
        detach(detach.address(), detach.inbox());
        return Future.succeededFuture();
    }

    private Future<Attached> attach(AttachQuestion.Attach question) {
        Attachment at = attachments.computeIfAbsent(question.address(), Attachment::new);
        at.inboxes.add(question.inbox());
        at.policy = question.policy();
        Promise<Attached> answer = Promise.promise();
        at.waiting.add(answer);
        want(at);
        return answer.future();
    }

    private void detach(Address address, String inbox) {
        Attachment at = attachments.get(address);
        if (at != null && at.inboxes.remove(inbox) && at.inboxes.isEmpty()) {
            attachments.remove(address);
            wanted.remove(address);
            at.failWaiting("nobody listens any more");
            forget(at.owner, List.of(address));
        }
    }

    private void forget(String owner, List<Address> addresses) {
        if (!owner.isEmpty()) {
            asks.tell(owner, new OwnerQuestion.Forget(ownership.node(), addresses));
        }
    }

    /** Listens to an address again, for the loops that did already. */
    private void again(Attachment at) {
        at.again = true;
        want(at);
    }

    private void want(Attachment at) {
        if (!at.asking) {
            wanted.put(at.address, at);
            if (!sendPending) {
                sendPending = true;
                loop.soon(() -> {
                    sendPending = false;
                    send();
                });
            }
        }
    }

    private void send() {
        Map<Address, Attachment> ready = wanted;
        wanted = new LinkedHashMap<>();
        Map<String, List<Attachment>> byOwner = new LinkedHashMap<>();
        for (Attachment at : ready.values()) {
            String owner = ownership.ownerOf(at.address);
            List<Attachment> batch = byOwner.computeIfAbsent(owner, o -> new ArrayList<>());
            batch.add(at);
            if (batch.size() == MOST_IN_ONE_QUESTION) {
                ask(owner, batch);
                byOwner.remove(owner);
            }
        }
        byOwner.forEach(this::ask);
    }

    private void ask(String owner, List<Attachment> batch) {
        List<Wanted> question = new ArrayList<>(batch.size());
        for (Attachment at : batch) {
            question.add(new Wanted(at.address, at.policy()));
            at.begin(owner);
        }
        asks.<Listening>ask(owner, new OwnerQuestion.Listen(ownership.node(), question))
                .onComplete(answer -> {
                    if (answer.succeeded()) {
                        listening(owner, batch, answer.result());
                    } else {
                        String reason = String.valueOf(answer.cause().getMessage());
                        batch.forEach(at -> failed(at, reason));
                    }
                });
    }

    private void listening(String owner, List<Attachment> batch, Listening answer) {
        OwnerLink link = links.get(owner);
        if (link == null || !link.name.equals(answer.link())) {
            if (link != null) {
                meters.reset();
            }
            // What was listened to under another name is not known to the owner any more.
            link = new OwnerLink(answer.link(), answer.number());
            links.put(owner, link);
            attachments.values().stream()
                    .filter(at -> at.owner.equals(owner) && !at.asking)
                    .toList()
                    .forEach(this::again);
        }
        link.heardAtMillis = loop.clock().millis();
        for (int i = 0; i < batch.size(); i++) {
            Heard heard = answer.answers().get(i);
            Attachment at = batch.get(i);
            if (heard.attached().isPresent()) {
                attached(at, heard.attached().get());
            } else {
                failed(at, heard.reason());
            }
        }
    }

    private void attached(Attachment at, Attached answer) {
        if (attachments.get(at.address) != at) {
            at.asking = false;
            leave(at);
            return;
        }
        boolean tellAll = at.succeed(answer);
        if (tellAll) {
            at.inboxes.forEach(inbox -> bus.tell(inbox, new FeedMessage.AttachedAgain(at.address, answer)));
        }
        if (!ownership.ownerOf(at.address).equals(at.owner)) {
            again(at);
        } else if (at.wantsMore()) {
            want(at);
        }
    }

    /** Everybody has left while the owner was asked; unless somebody came again, whom it must not forget. */
    private void leave(Attachment at) {
        if (!attachments.containsKey(at.address)) {
            forget(at.asked, List.of(at.address));
        }
    }

    private void failed(Attachment at, String reason) {
        at.asking = false;
        if (attachments.get(at.address) != at) {
            leave(at); // the owner may have taken the question, and only its answer was late
            return;
        }
        boolean first = at.failures == 0;
        at.failures++;
        at.failWaiting(reason);
        if (first) {
            LOG.debug("listening_failed address={} owner={} reason={}", at.address, at.asked, reason);
        } else if (!at.unreachableTold) {
            // The first failure is mostly an address on its way to another owner, and soon over.
            at.unreachableTold = true;
            at.inboxes.forEach(inbox -> bus.tell(inbox, new FeedMessage.Unreachable(List.of(at.address))));
        }
        at.again = true;
        at.dueMillis = loop.clock().millis() + Math.min(LONGEST_RETRY_MILLIS, RETRY_MILLIS * at.failures);
        retries.put(at.address, at);
        retrySoon();
    }

    private void retrySoon() {
        if (!retryPending && !retries.isEmpty()) {
            retryPending = true;
            loop.after(RETRY_MILLIS, () -> {
                retryPending = false;
                retry();
                retrySoon();
            });
        }
    }

    private void retry() {
        long now = loop.clock().millis();
        Iterator<Attachment> all = retries.values().iterator();
        while (all.hasNext()) {
            Attachment at = all.next();
            if (attachments.get(at.address) != at) {
                all.remove();
            } else if (at.dueMillis <= now) {
                all.remove();
                want(at);
            }
        }
    }

    /** Takes a batch: hands its events to the loops that listen. */
    void take(LinkBatch batch) {
        meters.received(batch);
        OwnerLink link = links.get(batch.owner());
        if (link == null || !link.name.equals(batch.link())) {
            // Late, or from an owner that has forgotten this node: a name is learnt from an answer only.
            if (link != null) {
                listenAgainSoon(batch.owner(), link);
            }
            return;
        }
        link.heardAtMillis = loop.clock().millis();
        if (batch.number() > link.number + 1) {
            meters.missed();
            listenAgainSoon(batch.owner(), link);
        }
        link.number = Math.max(link.number, batch.number());
        deliver(batch);
        for (LinkBatch.Head head : batch.heads()) {
            Attachment at = attachments.get(head.address());
            if (at != null && at.isBehind(head.position())) {
                again(at);
            }
        }
        for (Address address : batch.moved()) {
            Attachment at = attachments.get(address);
            if (at != null && at.owner.equals(batch.owner())) {
                again(at);
            }
        }
    }

    private void deliver(LinkBatch batch) {
        Map<String, List<Delivery>> byLoop = new LinkedHashMap<>();
        List<Address> unheard = new ArrayList<>();
        for (Delivery delivery : batch.deliveries()) {
            Attachment at = attachments.get(delivery.address());
            if (at != null) {
                at.passed(delivery);
                for (String inbox : at.inboxes) {
                    byLoop.computeIfAbsent(inbox, i -> new ArrayList<>()).add(delivery);
                }
            } else {
                unheard.add(delivery.address());
            }
        }
        if (!unheard.isEmpty()) {
            forget(batch.owner(), unheard); // it did not hear that nobody listens here any more
        }
        if (!byLoop.isEmpty()) {
            boolean isLocal = batch.owner().equals(ownership.node());
            Origin origin = new Origin(isLocal, isLocal ? batch.sinceNanos() : System.nanoTime());
            byLoop.forEach((inbox, all) -> bus.tell(inbox, new Deliveries(all, origin)));
        }
    }

    /** Waits a moment, in which what is late may still come, and asks once for all that it could be. */
    private void listenAgainSoon(String owner, OwnerLink link) {
        if (!link.doubted) {
            link.doubted = true;
            loop.after(REORDER_MILLIS, () -> {
                link.doubted = false;
                listenAgainAt(owner);
            });
        }
    }

    private void listenAgainAt(String owner) {
        attachments.values().stream()
                .filter(at -> at.owner.equals(owner))
                .toList()
                .forEach(this::again);
    }

    /** Looks, once a second, for owners that have fallen silent, and at the addresses whose turn it is. */
    void tick() {
        ticks++;
        long now = loop.clock().millis();
        links.values().forEach(link -> link.silent = now - link.heardAtMillis > SILENT_MILLIS);
        int turn = (int) (ticks % ROUND_SECONDS);
        for (Attachment at : List.copyOf(attachments.values())) {
            OwnerLink link = links.get(at.owner);
            boolean silent = link == null || link.silent;
            if (silent || Math.floorMod(at.address.hashCode(), ROUND_SECONDS) == turn) {
                again(at);
            }
        }
        links.values().stream().filter(link -> link.silent).forEach(link -> link.heardAtMillis = now);
    }

    /** Takes note that members or addresses have changed. */
    void changed(Ownership.Change change) {
        asks.gone(change.gone());
        change.gone().forEach(links::remove);
        long now = ownership.view();
        boolean others = now != view;
        view = now;
        for (Attachment at : List.copyOf(attachments.values())) {
            if (others || !ownership.ownerOf(at.address).equals(at.owner)) {
                again(at);
            }
        }
    }

    /** What is known of the numbering of one owner's batches. */
    private static final class OwnerLink {
        private final String name;
        private long number;
        private long heardAtMillis;
        private boolean silent;
        private boolean doubted;

        OwnerLink(String name, long number) {
            this.name = name;
            this.number = number;
        }
    }
}

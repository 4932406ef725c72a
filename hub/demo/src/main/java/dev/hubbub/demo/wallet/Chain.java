package dev.hubbub.demo.wallet;

import dev.hubbub.demo.DemoContext;
import dev.hubbub.demo.DemoException;
import dev.hubbub.demo.DemoHub;
import dev.hubbub.demo.wallet.Wallet.Transaction;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A simulated chain with the wallets of one space; its delays come from a seed.
 *
 * <p>A transaction is created, seen after a moment, then confirmed {@value #CONFIRMATIONS} times; only the last of
 * these settles it. One of {@value #REFUSED} is refused by the chain, for people to see what that looks like.
 */
final class Chain {
    private static final Logger log = LoggerFactory.getLogger(Chain.class);
    private static final long SEED = 7;
    private static final int CONFIRMATIONS = 6;
    private static final long REFUSED = 13;
    private static final long GIFT = 10_000;
    private static final int MOST = 500;

    private final Vertx vertx;
    private final DemoHub hub;
    private final Random random = new Random(SEED);
    private final Map<String, Wallet> wallets = new LinkedHashMap<>();

    /** What somebody wants to be sent. */
    record Order(String tx, String eventId, Wallet from, Wallet to, long amount) {}

    Chain(DemoContext context, Collection<String> users, String space) {
        this.vertx = context.vertx();
        this.hub = context.hub();
        for (String user : users) {
            Wallet wallet = new Wallet(user + "@" + space);
            wallets.put(wallet.owner, wallet);
            Transaction gift = new Transaction("gift", "the house", GIFT);
            gift.state = "confirmed";
            wallet.put(gift);
        }
    }

    Wallet wallet(String owner) {
        Wallet found = wallets.get(owner);
        if (found == null) {
            throw DemoException.notFound("there is no wallet of \"" + owner + "\"");
        }
        return found;
    }

    /** Returns a wallet with the position after which events tell more; the position is read first. */
    Future<JsonObject> snapshot(Wallet wallet) {
        return hub.counts(wallet.address()).map(counts -> wallet.json().put("position", counts.getString("last")));
    }

    /**
     * Takes a transaction once.
     *
     * @return whether it is a {@code duplicate}; fails with 409 when the wallet has not so much
     */
    Future<JsonObject> send(Order order) {
        Wallet from = order.from();
        return from.turns.next(() -> {
            if (from.has(order.tx())) {
                return Future.succeededFuture(new JsonObject().put("duplicate", true));
            }
            if (order.to() == from || order.amount() > from.available()) {
                return Future.failedFuture(DemoException.conflict(
                        "you cannot send that", new JsonObject().put("available", Long.toString(from.available()))));
            }
            if (from.size() >= MOST || order.to().size() >= MOST) {
                return Future.failedFuture(
                        new DemoException(429, "limit_reached", "this wallet is full; use another space"));
            }
            Transaction out = new Transaction(order.tx(), order.to().owner, -order.amount());
            return tell(from, "wallet.tx.created", out, order.eventId()).map(safe -> {
                from.put(out);
                run(order, out);
                return new JsonObject().put("duplicate", false);
            });
        });
    }

    /** What the chain does with it from here on; nobody waits for that, and a failure is told in the log. */
    private void run(Order order, Transaction out) {
        Transaction in = new Transaction(order.tx(), order.from().owner, order.amount());
        Future<?> seen = pause().compose(waited -> change(order.from(), out, "wallet.tx.seen", "seen"));
        Future<?> ended;
        if (order.amount() == REFUSED) {
            ended = seen.compose(told -> pause())
                    .compose(waited -> change(order.from(), out, "wallet.tx.failed", "failed"));
        } else {
            ended = seen.compose(told -> order.to()
                            .turns
                            .next(() -> tell(order.to(), "wallet.tx.created", in, order.tx() + "-in")
                                    .onSuccess(safe -> order.to().put(in))))
                    .compose(told -> confirm(order, 1))
                    .compose(told -> settle(order.from(), out))
                    .compose(told -> settle(order.to(), in));
        }
        ended.onFailure(failure -> log.warn("transaction stands still tx={}", order.tx(), failure));
    }

    private Future<?> confirm(Order order, int count) {
        if (count > CONFIRMATIONS) {
            return Future.succeededFuture();
        }
        return pause().compose(waited -> Future.join(
                        confirmed(order.from(), order.tx(), count), confirmed(order.to(), order.tx(), count)))
                .compose(told -> confirm(order, count + 1));
    }

    private Future<JsonObject> confirmed(Wallet wallet, String tx, int count) {
        JsonObject event = new JsonObject()
                .put("type", "wallet.tx.confirming")
                .put("resourceId", tx)
                .put("payload", new JsonObject().put("confirmations", count));
        return hub.publish(wallet.address() + ":confirmations", event);
    }

    private Future<JsonObject> settle(Wallet wallet, Transaction transaction) {
        return change(wallet, transaction, "wallet.tx.confirmed", "confirmed").compose(told -> {
            JsonObject event = new JsonObject()
                    .put("type", "wallet.balance.changed")
                    .put("resourceId", "balance")
                    .put("resourceVersion", wallet.settled())
                    .put("payload", new JsonObject().put("balance", Long.toString(wallet.balance())));
            return hub.publish(wallet.address(), event);
        });
    }

    private Future<JsonObject> change(Wallet wallet, Transaction transaction, String type, String state) {
        return wallet.turns.next(() -> {
            JsonObject event = event(type, transaction, transaction.version + 1)
                    .put("payload", new JsonObject().put("state", state));
            return hub.publish(wallet.address(), event).onSuccess(safe -> {
                transaction.version++;
                transaction.state = state;
            });
        });
    }

    private Future<JsonObject> tell(Wallet wallet, String type, Transaction transaction, String eventId) {
        return hub.publish(
                wallet.address(), event(type, transaction, 1).put("id", eventId).put("payload", transaction.json()));
    }

    private static JsonObject event(String type, Transaction transaction, int version) {
        return new JsonObject()
                .put("type", type)
                .put("resourceId", transaction.id)
                .put("resourceVersion", version);
    }

    private Future<Void> pause() {
        return vertx.timer(150 + random.nextInt(200), TimeUnit.MILLISECONDS).mapEmpty();
    }
}

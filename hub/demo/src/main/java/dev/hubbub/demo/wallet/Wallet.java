package dev.hubbub.demo.wallet;

import dev.hubbub.demo.Turns;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;

/** One person's transactions and the balance, which is the sum of the confirmed ones. */
final class Wallet {
    /** A transaction as its wallet has it. */
    static final class Transaction {
        final String id;
        final String other;
        /** What the balance changes by: below zero for what leaves. */
        final long change;

        String state = "created";
        int version = 1;

        Transaction(String id, String other, long change) {
            this.id = id;
            this.other = other;
            this.change = change;
        }

        JsonObject json() {
            return new JsonObject()
                    .put("tx", id)
                    .put("other", other)
                    .put("change", Long.toString(change))
                    .put("state", state);
        }
    }

    final String owner;
    final Turns turns = new Turns();
    private final Map<String, Transaction> transactions = new LinkedHashMap<>();

    Wallet(String owner) {
        this.owner = owner;
    }

    String address() {
        return "wallet:" + owner;
    }

    boolean has(String id) {
        return transactions.containsKey(id);
    }

    int size() {
        return transactions.size();
    }

    void put(Transaction transaction) {
        transactions.put(transaction.id, transaction);
    }

    /** Returns what is settled. */
    long balance() {
        return transactions.values().stream()
                .filter(each -> each.state.equals("confirmed"))
                .mapToLong(each -> each.change)
                .sum();
    }

    /** Returns what can still be sent: settled, less what is on its way out. */
    long available() {
        return balance()
                + transactions.values().stream()
                        .filter(each ->
                                each.change < 0 && !each.state.equals("confirmed") && !each.state.equals("failed"))
                        .mapToLong(each -> each.change)
                        .sum();
    }

    /** Returns how many transactions make up the balance; it is the balance's version, too. */
    int settled() {
        return (int) transactions.values().stream()
                .filter(each -> each.state.equals("confirmed"))
                .count();
    }

    JsonObject json() {
        JsonArray all = new JsonArray();
        transactions.values().forEach(each -> all.add(each.json().put("version", each.version)));
        return new JsonObject()
                .put("balance", Long.toString(balance()))
                .put("settled", settled())
                .put("transactions", all);
    }
}

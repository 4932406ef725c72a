import type { AnyEvent, Position, Snapshot } from "@hubbub/client";
import type { Pane } from "../shell/pane.ts";
import type { Transaction, Wallet, WalletEvents } from "./contract.ts";

/** Loads the wallet of the pane's user, with the position after which events tell more. */
export async function loadWallet(pane: Pane<WalletEvents>): Promise<Snapshot<Wallet>> {
  const { transactions, balance, settled, position } = await pane.get<{
    readonly transactions: readonly Transaction[];
    readonly balance: string;
    readonly settled: number;
    readonly position?: Position;
  }>("");
  return {
    state: { balance, settled, transactions: new Map(transactions.map((each) => [each.tx, each])) },
    versions: {
      balance: settled,
      ...Object.fromEntries(transactions.map(({ tx, version }) => [tx, version])),
    },
    position,
  };
}

/** Takes in what happened; a send of this page that is still pending is applied, too, and has no version yet. */
export function applyEvent(wallet: Wallet, event: AnyEvent<WalletEvents>): Wallet {
  const { resourceId = "", resourceVersion: version = 0 } = event;
  switch (event.type) {
    case "wallet.balance.changed":
      return { ...wallet, balance: event.payload.balance, settled: version };
    case "wallet.tx.created":
      return put(wallet, resourceId, { ...event.payload, version });
    case "wallet.tx.seen":
    case "wallet.tx.confirmed":
    case "wallet.tx.failed": {
      const before = wallet.transactions.get(resourceId);
      return before ? put(wallet, resourceId, { ...before, ...event.payload, version }) : wallet;
    }
    case "wallet.tx.confirming":
      return wallet;
  }
}

function put(wallet: Wallet, id: string, transaction: Transaction): Wallet {
  return { ...wallet, transactions: new Map(wallet.transactions).set(id, transaction) };
}

/** What the confirmed transactions add up to, how many they are, and what is on its way. */
export function sums({ transactions }: Wallet): {
  readonly settled: bigint;
  readonly count: number;
  readonly out: bigint;
  readonly coming: bigint;
} {
  let [settled, out, coming, count] = [0n, 0n, 0n, 0];
  for (const { state, change } of transactions.values()) {
    const amount = BigInt(change);
    if (state === "confirmed") {
      settled += amount;
      count++;
    } else if (state !== "failed" && amount < 0n) {
      out += amount;
    } else if (state !== "failed") {
      coming += amount;
    }
  }
  return { settled, count, out, coming };
}

/** What is told about a wallet; amounts are whole numbers as text. */
export interface WalletEvents {
  "wallet.tx.created": Created;
  "wallet.tx.seen": { readonly state: "seen" };
  "wallet.tx.confirmed": { readonly state: "confirmed" };
  "wallet.tx.failed": { readonly state: "failed" };
  "wallet.tx.confirming": { readonly confirmations: number };
  "wallet.balance.changed": { readonly balance: string };
}

interface Created {
  readonly tx: string;
  readonly other: string;
  readonly change: string;
  readonly state: "created" | "seen" | "confirmed" | "failed";
}

/** A transaction; version 0 while the back end has not taken it. */
export interface Transaction extends Created {
  readonly version: number;
}

export interface Wallet {
  readonly transactions: ReadonlyMap<string, Transaction>;
  /** What the back end says is settled. */
  readonly balance: string;
  /** Of how many transactions that is the sum. */
  readonly settled: number;
}

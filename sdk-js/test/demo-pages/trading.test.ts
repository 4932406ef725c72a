import { expect, test } from "vitest";
import { Candles } from "../../../hub/demo/src/main/web/trading/candles.js";
import { crc32, OrderBook } from "../../../hub/demo/src/main/web/trading/order-book.js";

const snapshot = { version: 7, checksum: 0, bids: [[100, 5]], asks: [[102, 7]] } as const;

test("theChecksumIsTheOneThatEveryCrc32Has", () => {
  expect(crc32("123456789")).toBe(0xcbf43926);
});

test("theChecksumIsOverTheBestLevelsOfBothSidesInTurn", () => {
  const book = new OrderBook();
  book.load(snapshot);
  expect(book.checksum()).toBe(crc32("100:5|102:7"));

  book.apply({
    from: 7,
    to: 8,
    bids: [[101, 2]],
    asks: [
      [102, 0],
      [103, 1],
    ],
  });
  expect(book.checksum()).toBe(crc32("101:2|103:1|100:5"));
});

test("aDeltaThatDoesNotFollowIsAGapAndChangesNothing", () => {
  const book = new OrderBook();
  expect(book.apply({ from: 0, to: 1, bids: [], asks: [] })).toBe("gap");
  book.load(snapshot);
  const before = book.checksum();

  expect(book.apply({ from: 8, to: 9, bids: [[100, 9]], asks: [] })).toBe("gap");
  expect(book.apply({ from: 6, to: 7, bids: [[100, 9]], asks: [] })).toBe("old");
  expect(book.checksum()).toBe(before);
  expect(book.apply({ from: 7, to: 8, bids: [[100, 9]], asks: [] })).toBe("applied");
});

test("pricesOfOneSpanAreOneCandleAndTheOldestGoFirst", () => {
  const candles = new Candles(5_000, 2);
  [10, 12, 9, 11].forEach((price, i) => candles.add(price, 5_000 + i * 1_000));
  expect(candles.list()).toEqual([{ from: 5_000, open: 10, high: 12, low: 9, close: 11 }]);

  candles.add(13, 10_000);
  candles.add(14, 15_000);
  expect(candles.list().map(({ from }) => from)).toEqual([10_000, 15_000]);
});

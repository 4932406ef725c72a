import { expect, test } from "vitest";
import { Distribution, Rate } from "../../../hub/demo/src/main/web/cursors/rates.js";

test("aRateIsWhatCameInItsWindow", () => {
  const rate = new Rate(2_000);
  for (let at = 0; at < 4_000; at += 50) {
    rate.add(at, 2);
  }

  expect(rate.perSecond(3_950)).toBe(40);
  expect(rate.perSecond(4_950)).toBe(20);
  expect(rate.perSecond(9_000)).toBe(0);
});

test("aPercentileIsOfTheNewestValues", () => {
  const ages = new Distribution(100);
  expect(ages.percentile(0.95)).toBeUndefined();
  for (let age = 1; age <= 200; age++) {
    ages.add(age);
  }

  expect(ages.percentile(0.95)).toBe(195);
  expect(ages.percentile(0.5)).toBe(150);
});

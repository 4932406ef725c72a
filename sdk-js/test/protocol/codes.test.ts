import { expect, test } from "vitest";
import { closeCodeOf, closeCodes, reconnectDelayOf } from "../../src/protocol/close-codes.js";
import { errorCodes, isErrorCode } from "../../src/protocol/errors.js";
import { repositoryFile } from "../support/repository.js";

const javaRoom = "hub/server/src/main/java/dev/hubbub/protocol";

test("errorCodesAreTheServers", () => {
  const server = [
    ...repositoryFile(`${javaRoom}/ErrorCode.java`).matchAll(
      /^ {4}([A-Z_]+)\((\d+), (\d+), (true|false)\)[,;]$/gm,
    ),
  ].map(([, name, number, httpStatus, retryable]) => [
    name,
    { number: Number(number), httpStatus: Number(httpStatus), retryable: retryable === "true" },
  ]);

  expect(server.length).toBeGreaterThan(0);
  expect(Object.entries(errorCodes)).toEqual(server);
});

test("closeCodesAreTheServers", () => {
  const server = [
    ...repositoryFile(`${javaRoom}/CloseCode.java`).matchAll(
      /^ {4}([A-Z_]+)\((\d+), (true|false)\)[,;]$/gm,
    ),
  ].map(([, name, number, mayReconnect]) => [
    name,
    { number: Number(number), mayReconnect: mayReconnect === "true" },
  ]);

  expect(server.length).toBeGreaterThan(0);
  expect(Object.entries(closeCodes)).toEqual(server);
});

test("anErrorCodeOfANewerHubIsNotTakenForAKnownOne", () => {
  expect(isErrorCode("ACCESS_DENIED")).toBe(true);
  expect(isErrorCode("OUT_OF_TEA")).toBe(false);
  expect(isErrorCode("toString")).toBe(false);
});

test("aCloseCodeIsFoundByItsNumber", () => {
  expect(closeCodeOf(4401)).toBe("UNAUTHENTICATED");
  expect(closeCodeOf(1006)).toBeUndefined();
});

test("theWaitBeforeComingBackIsReadFromTheReason", () => {
  expect(reconnectDelayOf("reconnect in 2350 ms")).toBe(2350);
  expect(reconnectDelayOf("the node is going away")).toBeUndefined();
});

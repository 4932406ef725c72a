import { expect, test } from "vitest";
import { steps, type ConnectionState, type Step } from "../../src/connection/machine.js";

const states: readonly ConnectionState[] = [
  "idle",
  "connecting",
  "online",
  "reconnecting",
  "denied",
  "closed",
];

/** The table, once more, as a reader would draw it: a line for each state, a column for each step. */
const expected: Readonly<Record<ConnectionState, Readonly<Record<Step, ConnectionState | "-">>>> = {
  idle: { dial: "connecting", ready: "-", lost: "-", refuse: "-", stop: "closed" },
  connecting: {
    dial: "-",
    ready: "online",
    lost: "reconnecting",
    refuse: "denied",
    stop: "closed",
  },
  online: { dial: "-", ready: "-", lost: "reconnecting", refuse: "denied", stop: "closed" },
  reconnecting: { dial: "connecting", ready: "-", lost: "-", refuse: "-", stop: "closed" },
  denied: { dial: "connecting", ready: "-", lost: "-", refuse: "-", stop: "closed" },
  closed: { dial: "connecting", ready: "-", lost: "-", refuse: "-", stop: "-" },
};

test.each(states)("everyStepFrom %s leadsWhereTheTableSays", (state) => {
  const reached = Object.fromEntries(
    Object.entries(steps).map(([step, [to, ...from]]) => [step, from.includes(state) ? to : "-"]),
  );

  expect(reached).toEqual(expected[state]);
});

test("aStateIsNeverLeftForItself", () => {
  for (const [to, ...from] of Object.values(steps)) {
    expect(from).not.toContain(to);
  }
});

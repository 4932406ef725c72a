// The rates of the last five minutes of every node, fetched once for everybody on the page who shows them.
import { get } from "./api.js";

/** @typedef {{ at: number, [column: string]: number }} Sample */

const kept = 150;

/** @type {Map<string, Sample[]>} by node, the oldest first */
export const rates = new Map();

/**
 * Fetches what is new since the last time; the first time all of it.
 *
 * @param {AbortSignal} signal
 */
export async function fetchRates(signal) {
  const first = rates.size === 0;
  const answer = await get("rates", { last: first ? kept : 6 }, signal);
  for (const { node, columns, samples } of answer.rates) {
    const before = rates.get(node) ?? [];
    const newest = before.at(-1)?.at ?? 0;
    const news = samples
      .map((/** @type {number[]} */ row) => sample(columns, row))
      .filter((/** @type {Sample} */ one) => one.at > newest);
    rates.set(node, [...before, ...news].slice(-kept));
  }
  const answered = new Set(answer.rates.map((/** @type {{ node: string }} */ one) => one.node));
  for (const node of rates.keys()) {
    if (!answered.has(node) && !answer.nodes.unanswered.includes(node)) {
      rates.delete(node);
    }
  }
}

/**
 * @param {readonly string[]} columns
 * @param {readonly number[]} row
 * @returns {Sample}
 */
function sample(columns, row) {
  const values = Object.fromEntries(columns.map((name, i) => [name, row[i + 1] ?? 0]));
  return { ...values, at: row[0] ?? 0 };
}

/**
 * Returns one column of a node.
 *
 * @param {string} node
 * @param {string} column
 */
export function ofNode(node, column) {
  return (rates.get(node) ?? []).map((one) => one[column] ?? 0);
}

/**
 * Returns one column of all nodes together, aligned at the newest sample.
 *
 * @param {string} column
 */
export function ofAll(column) {
  const all = [...rates.keys()].map((node) => ofNode(node, column));
  const length = Math.max(0, ...all.map((values) => values.length));
  return Array.from({ length }, (_, i) =>
    all.reduce((sum, values) => sum + (values[values.length - length + i] ?? 0), 0),
  );
}

/**
 * Returns the newest value; undefined before there is one.
 *
 * @param {readonly number[]} values
 */
export const newest = (values) => values.at(-1);

/**
 * Returns how many samples a chart has room for: at least a minute, at most all.
 *
 * @param {number} length
 */
export const slots = (length) => Math.min(kept, Math.max(30, length));

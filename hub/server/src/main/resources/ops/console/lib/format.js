// Numbers, times and texts as people read them.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** @param {number | undefined} value */
export function count(value) {
  return value === undefined ? "–" : whole.format(value).replaceAll(",", "\u202f");
}

/** @param {number | undefined} value */
export function rate(value) {
  if (value === undefined) {
    return "–";
  }
  return value >= 10_000 ? short.format(value) : value >= 100 ? count(value) : tenths.format(value);
}

/** @param {number | undefined} value */
export function bytes(value) {
  if (value === undefined) {
    return "–";
  }
  const units = ["B", "KiB", "MiB", "GiB"];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${size >= 100 || unit === 0 ? whole.format(size) : tenths.format(size)} ${units[unit]}`;
}

/** @param {number} value between 0 and 1 */
export function percent(value) {
  return `${String(Math.round(value * 100))} %`;
}

/** @param {string | number | undefined} time */
export function clock(time) {
  return time === undefined ? "–" : new Date(time).toTimeString().slice(0, 8);
}

/** @param {string | number} time the day, too, when it is another one */
export function moment(time) {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clock(time) : `${date.toISOString().slice(0, 10)} ${clock(time)}`;
}

/** @param {number} millis */
export function span(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 60) {
    return `${String(seconds)} s`;
  }
  if (seconds < 3600) {
    return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
  }
  const hours = Math.floor(seconds / 3600);
  return hours < 48
    ? `${String(hours)} h ${String(Math.floor((seconds % 3600) / 60))} min`
    : `${String(Math.floor(hours / 24))} days`;
}

/** @param {string | undefined} time */
export function ago(time) {
  return time ? span(Date.now() - Date.parse(time)) : "–";
}

/**
 * Names a node in a few letters; the whole name stands in its title.
 *
 * @param {string} node
 */
export function shortNode(node) {
  return node.length > 14 ? `…${node.slice(-8)}` : node;
}

/** @param {string} id */
export function shortId(id) {
  return id.length > 16 ? `${id.slice(0, 5)}…${id.slice(-6)}` : id;
}

/**
 * @param {number} howMany
 * @param {string} what
 */
export function plural(howMany, what) {
  const many = /(ss|sh|ch)$/.test(what) ? `${what}es` : `${what}s`;
  return `${count(howMany)} ${howMany === 1 ? what : many}`;
}

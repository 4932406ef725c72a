// Makes elements, and brings what is on the page up to date without touching what has not changed.

/** @typedef {Node | string | number | null | undefined | boolean | readonly unknown[]} Child an array holds more */

const handlers = /** @type {const} */ ([
  "onclick",
  "onsubmit",
  "oninput",
  "onchange",
  "onkeydown",
  "onclose",
  "ontoggle",
]);

/** @param {string} name */
const isHandler = (name) => handlers.includes(/** @type {any} */ (name));

/**
 * Sets attributes; what is false, null or undefined is left out, functions become handlers.
 *
 * @param {Element} element
 * @param {Record<string, unknown> | null} attributes
 */
function assign(element, attributes) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === null || value === undefined) {
      continue;
    }
    if (isHandler(name)) {
      /** @type {any} */ (element)[name] = value;
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
}

/**
 * @param {Node} parent
 * @param {readonly unknown[]} children
 */
function append(parent, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(parent, child);
    } else if (child instanceof Node) {
      parent.appendChild(child);
    } else if (
      child !== null &&
      child !== undefined &&
      typeof child !== "boolean" &&
      child !== ""
    ) {
      parent.appendChild(document.createTextNode(String(child)));
    }
  }
}

/**
 * Makes an element. `data-key` names it among its siblings.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown> | null} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = null, ...children) {
  const element = document.createElement(tag);
  assign(element, attributes);
  append(element, children);
  return element;
}

/**
 * Makes an element of SVG.
 *
 * @param {string} tag
 * @param {Record<string, unknown> | null} [attributes]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function s(tag, attributes = null, ...children) {
  const element = /** @type {SVGElement} */ (
    document.createElementNS("http://www.w3.org/2000/svg", tag)
  );
  assign(element, attributes);
  append(element, children);
  return element;
}

/**
 * Puts children in place of what a parent has; elements that are the same kind at the same place, or have the same
 * key, stay, so that focus, selection and what was typed stay, too.
 *
 * @param {Element} parent
 * @param {...Child} children
 */
export function show(parent, ...children) {
  const next = document.createDocumentFragment();
  append(next, children);
  reconcile(parent, next);
}

/** @param {Node} node */
const keyOf = (node) => (node instanceof Element ? node.getAttribute("data-key") : null);

/**
 * @param {Node} old
 * @param {Node} next
 */
function isSame(old, next) {
  return old.nodeName === next.nodeName && keyOf(old) === keyOf(next);
}

/**
 * @param {Node} parent
 * @param {Node} next
 */
function reconcile(parent, next) {
  const keyed = new Map([...parent.childNodes].map((node) => [keyOf(node), node]));
  /** @type {Node | null} */
  let place = parent.firstChild;
  for (const wanted of [...next.childNodes]) {
    const key = keyOf(wanted);
    const known = key === null ? place : (keyed.get(key) ?? null);
    if (known && isSame(known, wanted)) {
      if (known !== place) {
        parent.insertBefore(known, place);
      } else {
        place = known.nextSibling;
      }
      update(known, wanted);
    } else {
      parent.insertBefore(wanted, place);
    }
  }
  while (place) {
    const following = place.nextSibling;
    parent.removeChild(place);
    place = following;
  }
}

/**
 * @param {Node} old
 * @param {Node} next
 */
function update(old, next) {
  if (!(old instanceof Element) || !(next instanceof Element)) {
    if (old.nodeValue !== next.nodeValue) {
      old.nodeValue = next.nodeValue;
    }
    return;
  }
  for (const { name } of [...old.attributes]) {
    // Whether details are open is the reader's choice.
    if (!next.hasAttribute(name) && name !== "open") {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of [...next.attributes]) {
    if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  for (const name of handlers) {
    /** @type {any} */ (old)[name] = /** @type {any} */ (next)[name];
  }
  reconcile(old, next);
}

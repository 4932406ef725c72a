/** What an element is made with: its properties, `class`, `data` for data attributes, and attributes with a dash or `role`. */
type Properties<E extends HTMLElement> = {
  readonly [Name in keyof E]?: E[Name];
} & {
  readonly class?: string;
  readonly role?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly [attribute: `aria-${string}`]: string;
};

export type Child = Node | string | number | false | undefined;

/** Makes an element. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties<HTMLElementTagNameMap[Tag]> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties as Record<string, unknown>)) {
    if (name === "class" || name === "role" || name.startsWith("aria-")) {
      element.setAttribute(name, String(value));
    } else if (name === "data") {
      Object.assign(element.dataset, value);
    } else {
      (element as unknown as Record<string, unknown>)[name] = value;
    }
  }
  element.append(...shown(children));
  return element;
}

/** Puts children in the place of those that an element has. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...shown(children));
}

/**
 * Like {@link fill}, but leaves elements that would be the same as they are: a focus stays, and nothing flickers.
 *
 * @param rows each with a `data-id` of its own; whatever their listeners depend on has to be in their attributes or text
 */
export function renew(list: HTMLElement, rows: readonly HTMLElement[]): void {
  const before = new Map(
    [...list.children].map((row) => [(row as HTMLElement).dataset["id"], row as HTMLElement]),
  );
  const after = rows.map((row) => {
    const old = before.get(row.dataset["id"]);
    return old?.isEqualNode(row) ? old : row;
  });
  [...list.children]
    .filter((row) => !after.includes(row as HTMLElement))
    .forEach((row) => {
      row.remove();
    });
  after.forEach((row, i) => {
    if (list.children[i] !== row) {
      list.insertBefore(row, list.children[i] ?? null);
    }
  });
}

function shown(children: readonly Child[]): (Node | string)[] {
  return children
    .filter((child) => child !== false && child !== undefined)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/** A label of a field that is heard, not seen. */
export function label(words: string, of: string): HTMLElement {
  return h("label", { class: "visually-hidden", htmlFor: of }, words);
}

/** Calls `draw` once in the next frame of the screen, however often it was asked for. */
export function onceAFrame(draw: () => void): () => void {
  let asked = false;
  return () => {
    if (!asked) {
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        draw();
      });
    }
  };
}

/** Calls `draw` at once, and again at most once in so many milliseconds, however often it is asked for. */
export function seldom(millis: number, draw: () => void): () => void {
  let rests = false;
  let asked = false;
  const go = (): void => {
    rests = asked;
    if (asked) {
      asked = false;
      setTimeout(go, millis);
      draw();
    }
  };
  return () => {
    asked = true;
    if (!rests) {
      go();
    }
  };
}

/** Initials in a coloured circle; the colour comes from the name. */
export function avatar(name: string, title = name): HTMLElement {
  const hue = Array.from(name).reduce((sum, letter) => sum + letter.charCodeAt(0) * 47, 0) % 6;
  const initials = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join("");
  const circle = h("span", { class: `avatar hue-${String(hue)}`, role: "img", title }, initials);
  circle.setAttribute("aria-label", title);
  return circle;
}

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

function shown(children: readonly Child[]): (Node | string)[] {
  return children
    .filter((child) => child !== false && child !== undefined)
    .map((child) => (child instanceof Node ? child : String(child)));
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

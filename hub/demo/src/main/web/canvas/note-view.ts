import type { Note, Place } from "./board.ts";

export const noteSize = { width: 240, height: 120 } as const;

/** A note on the screen; it can be focused and dragged. */
export interface NoteView {
  readonly element: SVGGElement;
  draw(note: Note, at: Place, isPending: boolean): void;
}

/** Makes an element of SVG. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** Makes the view of one note. */
export function noteView(id: string): NoteView {
  const words = svg("text", { x: 14, y: 34, class: "words" });
  const version = svg("text", {
    x: noteSize.width - 12,
    y: noteSize.height - 12,
    class: "version",
    "text-anchor": "end",
  });
  const sheet = svg("rect", { ...noteSize, rx: 10 });
  const element = svg(
    "g",
    { tabindex: 0, role: "group", "aria-roledescription": "note", "data-note": id },
    sheet,
    words,
    version,
  );
  return {
    element,
    draw(note, { x, y }, isPending) {
      element.setAttribute("transform", `translate(${String(x)} ${String(y)})`);
      element.setAttribute("class", `note ${note.color}${isPending ? " pending" : ""}`);
      const label = `${note.text}, at ${String(x)}, ${String(y)}, version ${String(note.version)}`;
      if (element.getAttribute("aria-label") !== label) {
        element.setAttribute("aria-label", label);
        version.textContent = `v${String(note.version)}`;
        words.replaceChildren(
          ...lines(note.text).map((line, i) => svg("tspan", { x: 14, dy: i === 0 ? 0 : 25 }, line)),
        );
      }
    },
  };
}

/** Breaks a text into at most three lines of a note. */
function lines(text: string): string[] {
  const all: string[] = [""];
  for (const word of text.split(" ")) {
    const line = `${all.at(-1) ?? ""} ${word}`.trim();
    if (line.length <= 17 || all.at(-1) === "") {
      all[all.length - 1] = line.slice(0, 20);
    } else {
      all.push(word.slice(0, 20));
    }
  }
  return all.length > 3 ? [...all.slice(0, 2), `${all[2] ?? ""}…`] : all;
}

import { demos } from "../shell/demos.ts";
import { h } from "../shell/dom.ts";
import { header } from "../shell/shell.ts";

document.title = "Hubbub demos";
document.body.append(
  header(),
  h(
    "main",
    {},
    h(
      "div",
      { class: "lead" },
      h("h1", {}, "Seven systems on one hub"),
      h(
        "p",
        {},
        "Small applications of kinds that teams really build. Each has two or three people, and a card that counts what arrived.",
      ),
    ),
    h(
      "ul",
      { class: "tiles" },
      ...demos.map(({ name, title, claim }) =>
        h(
          "li",
          {},
          h("a", { href: `/demo/${name}` }, h("strong", {}, title), h("span", {}, claim)),
        ),
      ),
    ),
  ),
);

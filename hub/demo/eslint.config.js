// The rules of the SDK, for the demos' pages. Run from the repository's root: npm --prefix sdk-js run lint.
import { rules, tseslint } from "../../sdk-js/eslint.config.js";

export default tseslint.config(
  { ignores: ["hub/demo/target", "hub/demo/*.js", "hub/demo/*.mjs"] },
  ...rules,
  {
    rules: {
      // A page calls what it makes further down, once it is all there.
      "@typescript-eslint/no-use-before-define": "off",
    },
  },
);

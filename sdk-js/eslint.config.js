import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** Which folder of `src` may import from which others; never the other way round. */
function lanes(allowed) {
  return Object.entries(allowed).map(([lane, others]) => ({
    files: [`src/${lane}/**`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: Object.keys(allowed)
            .filter((other) => other !== lane && !others.includes(other))
            .map((other) => ({
              group: [`**/${other}/**`, "../index.js"],
              message: `${lane} may import from ${others.join(", ") || "nowhere"} only`,
            })),
        },
      ],
    },
  }));
}

export { tseslint };

/** What holds for every line of TypeScript here, the demos' pages included. */
export const rules = [
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  { ...hooks.configs.flat["recommended-latest"], files: ["src/react/**", "**/*.tsx"] },
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      // The SDK is made of functions that close over their state: none of them has a `this`.
      "@typescript-eslint/unbound-method": "off",
      "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
    },
  },
];

export default tseslint.config(
  { ignores: ["dist", ".build", "scripts", "eslint.config.js"] },
  ...rules,
  ...lanes({
    lib: [],
    protocol: ["lib"],
    connection: ["lib", "protocol"],
    client: ["lib", "protocol", "connection"],
    features: ["lib", "protocol", "connection", "client"],
    react: ["lib", "protocol", "connection", "client", "features"],
    http: ["lib", "protocol", "connection", "client", "features"],
    share: ["lib", "protocol", "connection", "client", "features"],
  }),
  {
    files: ["test/**"],
    rules: {
      // A test that finds nothing where something must be fails by it.
      "@typescript-eslint/no-non-null-assertion": "off",
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // Vitest reads its configuration from a default export, and the stock client has one.
    files: ["vitest.config.ts", "test/*/support/global-setup.ts", "**/*.d.ts"],
    rules: { "no-restricted-exports": "off" },
  },
  {
    // A plain script, as applications load it in a page.
    files: ["test/e2e/support/*.js"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
    rules: { "@typescript-eslint/explicit-module-boundary-types": "off" },
  },
);

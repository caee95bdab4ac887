import tseslint from "typescript-eslint";

/** What engines lack or have under another name: hal stands for all of it. */
const ENGINE_GLOBALS = [
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "console",
  "process",
  "require",
  "global",
  "globalThis",
  "window",
  "Buffer",
  "Map",
  "Set",
  "Symbol",
  "Promise",
  "BigInt",
  "E",
  "print",
  "eval",
];

const refused = (message, ...selectors) => selectors.map((selector) => ({ selector, message }));

const deviceSyntax = [
  ...refused("It pulls in a helper larger than the code: write a loop.", "SpreadElement", "RestElement"),
  ...refused("Engines have no asynchronous functions.", "AwaitExpression", ":function[async=true]"),
  ...refused("Engines have no generators.", ":function[generator=true]"),
  ...refused("Inheritance pulls in helpers: compose.", "ClassDeclaration[superClass]", "ClassExpression[superClass]"),
  ...refused("Espruino has no labels.", "LabeledStatement"),
  ...refused("A plain enum is an object in memory: use const enum.", "TSEnumDeclaration[const!=true]"),
  ...refused("It pulls in a helper: read the elements one by one.", "ArrayPattern"),
  ...refused("Espruino refuses a case after default.", "SwitchStatement > SwitchCase[test=null]:not(:last-child)"),
];

const names = refused("Export by name, so that a reader finds what there is.", "ExportAllDeclaration");

export default tseslint.config(
  { ignores: ["dist/", "build/", "coverage/", "node_modules/", "test/fixtures/", "**/*.d.ts"] },
  ...tseslint.configs.recommended,
  {
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrorsIgnorePattern: "^_" },
      ],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      // Numbers of a wire format may coincide.
      "@typescript-eslint/no-duplicate-enum-values": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-empty-object-type": "off",
      "no-restricted-syntax": ["error", ...names],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["lib/**/*.ts", "firmware/**/*.ts", "boards/**/*.ts"],
    rules: {
      "no-restricted-syntax": ["error", ...names, ...deviceSyntax],
      "no-labels": "error",
      "no-use-before-define": "off",
    },
  },
  {
    files: ["lib/**/*.ts", "firmware/**/*.ts", "boards/**/*.ts"],
    ignores: ["firmware/platform/**"],
    rules: { "no-restricted-globals": ["error", ...ENGINE_GLOBALS] },
  },
  {
    files: ["firmware/platform/**"],
    rules: {
      "@typescript-eslint/no-require-imports": "off",
      // Declarations of globals that only a part of a port needs: its files name them.
      "@typescript-eslint/triple-slash-reference": ["error", { path: "always", types: "never", lib: "never" }],
    },
  },
);

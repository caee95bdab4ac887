import { expect, it } from "vitest";
import { aliasGlobals } from "../../../scripts/bundle/alias-globals.js";

const map = JSON.stringify({ version: 3, sources: [], names: [], mappings: "" });
const aliased = (code: string): string => aliasGlobals({ code, map }).code;

it("gives a variable to a global that is written often", () => {
  const code = "!function() {\n f(new Uint8Array(1), new Uint8Array(2), new Uint8Array(3));\n}()";
  expect(aliased(code)).toBe(
    "!function() { var Uint8Array$ = Uint8Array;\n f(new Uint8Array$(1), new Uint8Array$(2), new Uint8Array$(3));\n}()",
  );
});

it("gives a variable to undefined", () => {
  expect(aliased("!function() {\n f(void 0); g(void 0);\n}()")).toBe(
    "!function() { var undefined$;\n f(undefined$); g(undefined$);\n}()",
  );
});

it.each([
  ["written once", "!function() {\n f(new Uint8Array(1));\n}()"],
  ["one that may be absent", "!function() {\n typeof ESP32000 && typeof ESP32000 && typeof ESP32000;\n}()"],
  [
    "a variable of the bundle's own",
    "!function() {\n var Uint8Array = f; Uint8Array(1); Uint8Array(2); Uint8Array(3);\n}()",
  ],
  [
    "a function that a simulator replaces",
    "!function() {\n setTimeout(f, 1); setTimeout(f, 2); setTimeout(f, 3);\n}()",
  ],
])("leaves alone %s", (_, code) => {
  expect(aliased(code)).toBe(code);
});

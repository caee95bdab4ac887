import { TraceMap, originalPositionFor } from "@jridgewell/trace-mapping";
import { bundleHelperForbidden } from "../errors/bundle.js";
import { shownPath, type EmittedModule } from "./device-program.js";

/** TypeScript's helper functions that device code may pull in: small, and run on the engines. */
export const ALLOWED_HELPERS: readonly string[] = ["__assign"];

const CONSTRUCTS: Record<string, string> = {
  __assign: "object spread",
  __rest: "a rest property",
  __spreadArray: "spread",
  __read: "array destructuring",
  __values: "for-of over something that is no array",
  __extends: "class inheritance",
  __awaiter: "async",
  __generator: "a generator or async",
  __decorate: "a decorator",
  __makeTemplateObject: "a tagged template",
  __classPrivateFieldGet: "a #private member",
  __classPrivateFieldSet: "a #private member",
};

/** Names of the helpers that a compiled module uses. Throws BUNDLE_HELPER_FORBIDDEN, naming the source line. */
export function helpersOf(path: string, module: EmittedModule): string[] {
  const list = /^import \{ ([^}]*) \} from "tslib";/m.exec(module.code)?.[1];
  if (list === undefined) return [];
  const helpers = list.split(",").map((name) => name.trim().split(" ")[0]!);
  const forbidden = helpers.find((name) => !ALLOWED_HELPERS.includes(name));
  if (forbidden === undefined) return helpers;
  const lines = module.code.split("\n");
  const line = lines.findIndex((text) => text.includes(`${forbidden}(`) && !text.startsWith("import"));
  const column = Math.max(0, lines[line]?.indexOf(forbidden) ?? 0);
  const origin = originalPositionFor(new TraceMap(module.map), { line: line + 1, column });
  throw bundleHelperForbidden(
    `${shownPath(path)}:${origin.line ?? 1}`,
    forbidden,
    CONSTRUCTS[forbidden] ?? "a construct beyond ES5",
  );
}

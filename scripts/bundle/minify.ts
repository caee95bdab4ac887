import { minify as terser } from "terser";
import { aliasGlobals } from "./alias-globals.js";
import { arrowFunctions } from "./arrow-functions.js";
import { declareEarly } from "./declare-early.js";
import { guardFor } from "./guard-for.js";
import { shortMemberNames } from "./member-names.js";

/** A script and where each piece of it comes from (source map, version 3, as JSON). */
export interface Script {
  readonly code: string;
  readonly map: string;
}

/**
 * Shrinks a linked script, and puts functions and variables before their first use, because Espruino hoists neither.
 * @param foreign member names that the world outside uses: all others are renamed. Without it only those that begin
 *   with `_` are.
 * @param arrows true for engines that know arrow functions
 */
export async function minify(script: Script, foreign?: ReadonlySet<string>, arrows = false): Promise<Script> {
  const small = await terser(script.code, {
    ecma: 5,
    toplevel: true,
    compress: {
      ecma: 5,
      toplevel: true,
      passes: 3,
      hoist_funs: true,
      hoist_vars: true,
      pure_getters: true,
      keep_fargs: false,
    },
    mangle: false,
    format: { ecma: 5, beautify: true },
    sourceMap: { content: script.map },
  });
  const early = aliasGlobals(declareEarly({ code: small.code!, map: text(small.map) }));
  // The last pass above may have inlined a function with its variables: hoist once more, alone.
  const hoisted = await terser(early.code, {
    ecma: 5,
    toplevel: true,
    compress: {
      defaults: false,
      ecma: 5,
      toplevel: true,
      hoist_funs: true,
      hoist_vars: true,
      sequences: true,
      join_vars: true,
      conditionals: true,
      booleans: true,
    },
    mangle: { toplevel: true, properties: foreign ? { reserved: [...foreign], builtins: true } : { regex: /^_/ } },
    ...(foreign && { nameCache: { props: { props: shortMemberNames(early.code, foreign) } } }),
    format: { ecma: 5, ascii_only: true, comments: false },
    sourceMap: { content: early.map },
  });
  const guarded = guardFor({ code: hoisted.code!, map: text(hoisted.map) });
  return arrows ? arrowFunctions(guarded) : guarded;
}

function text(map: unknown): string {
  return typeof map === "string" ? map : JSON.stringify(map);
}

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

/** How a program uses its members. */
export interface MemberUse {
  /** Names that the world outside uses: they stay. */
  readonly foreign: ReadonlySet<string>;
  /** Names that may meet in one object. */
  readonly groups: readonly ReadonlySet<string>[];
}

/**
 * Shrinks a linked script, and puts functions and variables before their first use, because Espruino hoists neither.
 * @param members where it is known, all members but the foreign ones are renamed; else those that begin with `_`
 * @param arrows true for engines that know arrow functions
 */
export async function minify(script: Script, members?: MemberUse, arrows = false): Promise<Script> {
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
    mangle: {
      toplevel: true,
      // MicroQuickJS takes a caught error for a variable of the whole function.
      safari10: true,
      properties: members ? { reserved: [...members.foreign], builtins: true } : { regex: /^_/ },
    },
    ...(members && { nameCache: { props: { props: shortMemberNames(early.code, members.foreign, members.groups) } } }),
    format: { ecma: 5, ascii_only: true, comments: false },
    sourceMap: { content: early.map },
  });
  const guarded = guardFor({ code: hoisted.code!, map: text(hoisted.map) });
  return arrows ? arrowFunctions(guarded) : guarded;
}

function text(map: unknown): string {
  return typeof map === "string" ? map : JSON.stringify(map);
}

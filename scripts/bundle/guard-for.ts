import type { ForStatement } from "acorn";
import { parseScript } from "./dialect/script.js";
import type { Script } from "./minify.js";
import { ScriptEdit } from "./script-edit.js";

/**
 * Puts "!" before a function that a `for` begins with: `for(function(){…}(),i=0;…)`, as the minifier writes what stood
 * before the loop. Espruino takes the word for a declaration and refuses it.
 */
export function guardFor(script: Script): Script {
  const edit = new ScriptEdit(script);
  parseScript(script.code).walk((node) => {
    const { init } = node as ForStatement;
    if (node.type === "ForStatement" && init && script.code.startsWith("function", init.start))
      edit.insert(init.start, "!");
  });
  return edit.apply();
}

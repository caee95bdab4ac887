import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as builtIns from "../../../../scripts/bundle/dialect/built-ins.js";
import { findCommand } from "../../../../scripts/engine/find-command.js";

const espruino = findCommand("espruino");
const mqjs = findCommand("mqjs");

/** What an engine prints for a script, with markers so that banners do not matter. */
function run(command: string, script: string): string {
  const folder = mkdtempSync(join(tmpdir(), "sertao-dialect-"));
  const file = join(folder, "script.js");
  writeFileSync(file, script);
  try {
    // An engine that reads the console would otherwise drown in the end of its input.
    const result = spawnSync("sh", ["-c", `sleep 1 | "${command}" "${file}"`], { cwd: folder, encoding: "latin1" });
    return result.stdout + result.stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function missing(output: string): string[] {
  const list = /<<(.*)>>/.exec(output)?.[1];
  if (list === undefined) throw new Error(`no answer in ${output.slice(0, 500)}`);
  return list.split(" ").filter((name) => name !== "");
}

/** Prints those names whose expression is undefined or throws. */
function probe(names: readonly string[]): string {
  return `var r="";${names
    .map(
      (name, i) =>
        `try{if(typeof (${name})=="undefined"&&"${name}"!="undefined")r+="${name} "}catch(e${i}){r+="${name} "}`,
    )
    .join("\n")}\nprint("<<"+r+">>");`;
}

describe.skipIf(!espruino)("the lists for Espruino (needs espruino)", () => {
  test("members said to be missing are missing", () => {
    const names = [...builtIns.ESPRUINO_MISSING_MEMBERS];
    expect(missing(run(espruino!, probe(names)))).toEqual(names);
  });

  test("the globals of every engine are there", () => {
    const names = [...builtIns.ESPRUINO_GLOBALS].filter((name) => builtIns.MICROQUICKJS_GLOBALS.has(name));
    expect(missing(run(espruino!, probe(names))).filter((name) => !/Error$|performance/.test(name))).toEqual([]);
  });

  test.each([
    ["a function before its declaration", "(function(){f();function f(){}})()"],
    ["a label", "a:for(;;){for(;;)break a}"],
    ["default before a case", 'eval("switch(1){default:1;case 1:2}")'],
    ["a default parameter", 'eval("(function(a=1){})()")'],
    ["a writable array length", "(function(){var a=[1,2];a.length=0;if(a.length)throw 1})()"],
  ])("really fails on %s", (_, code) => {
    const output = run(espruino!, `var r="ran";try{${code}}catch(e){r="threw"}print("<<"+r+">>")`);
    expect(output).not.toContain("<<ran>>");
  });

  test("really writes a global for a var that was not reached", () => {
    const output = run(espruino!, '(function(){if(0){var qq=1}qq=5})();print("<<"+typeof global.qq+">>")');
    expect(output).toContain("<<number>>");
  });
});

describe.skipIf(!mqjs)("the lists for MicroQuickJS (needs mqjs)", () => {
  test("globals said to be there are there, members said to be missing are missing", () => {
    expect(missing(run(mqjs!, probe([...builtIns.MICROQUICKJS_GLOBALS])))).toEqual([]);
    const names = [...builtIns.MICROQUICKJS_MISSING_MEMBERS];
    expect(missing(run(mqjs!, probe(names)))).toEqual(names);
  });

  test("really refuses a second catch of the same name", () => {
    expect(run(mqjs!, "try{}catch(e){}try{}catch(e){}print('<<ran>>')")).not.toContain("<<ran>>");
  });
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BackendName } from "../../boards/board.js";
import { findCommand } from "../engine/find-command.js";
import { inFolder, runCommand } from "../engine/run-command.js";
import { engineFailed } from "../errors/engine.js";
import { packSegments } from "../model/pack-segments.js";
import { probeScript } from "./probe-script.js";

/** Constructors and functions that the engine lists when they are first used: they belong to no model. */
const WARM_UP = `[Int8Array,Uint8Array,Uint8ClampedArray,Int16Array,Uint16Array,Int32Array,Float32Array,Float64Array].forEach(function(T){var a=new T(1);a.fill(0);[a.length,a.byteLength,a.byteOffset,a.buffer].push(0)});
new ArrayBuffer(1).byteLength;Math.ceil(0.5);process.memory();`;

/**
 * JsVars that a prepared model holds, measured with `process.memory()` on an Espruino of this machine. Script and pack
 * lie in its flash, as on a board.
 * @param command name of the engine: `espruino-field` has the JsVars of an ESP32
 * @throws SertaoError ENGINE_FAILED
 */
export async function measureModelJsVars(
  pack: Uint8Array,
  kernels: readonly string[],
  backend: BackendName,
  command: string,
): Promise<number> {
  const hold = `if(before<0)before=used;else{print("@used "+(used-before));print("@end")}`;
  return measure(pack, await probeScript(kernels, backend), command, { hold, start: "" });
}

/** Stands in a script for a native call that takes and returns lists: what is in use then is the most. */
const PEAK = "sertaoPeak";

/** The same for the most that an inference takes more, where native loops of the `espruino` backend return lists. */
export async function measureRunningJsVars(
  pack: Uint8Array,
  kernels: readonly string[],
  command: string,
): Promise<number> {
  const code = await probeScript(kernels, "espruino");
  const watched = code.replace(/Graphics\.createArrayBuffer\([^()]*\)\.transformVertices/g, PEAK);
  const start = `if(operator<0){print("@used "+(peak-before));print("@end")}`;
  return measure(pack, watched, command, { hold: "before=used;", start });
}

/** What the script's host does when it is held, and before an operator. */
interface Steps {
  readonly hold: string;
  readonly start: string;
}

async function measure(pack: Uint8Array, code: string, command: string, steps: Steps): Promise<number> {
  const lines = await inFolder(async (folder) => {
    const files: [name: string, bytes: Uint8Array][] = [["code", Buffer.from(code, "latin1")]];
    for (const segment of packSegments(pack)) files.push([`pack${files.length}`, new Uint8Array(segment)]);
    for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
    await writeFile(join(folder, "measure.js"), measuringScript(files, steps));
    return runCommand({ command: findCommand(command)!, args: ["measure.js"], folder, holdInput: true });
  });
  const used = Number(/^@used (\d+)$/.exec(lines[0] ?? "")?.[1]);
  if (Number.isNaN(used)) throw engineFailed(command, "it told no memory usage");
  return used;
}

/** In Espruino's words: nothing is hoisted, and a text that is too long for the memory is read in pieces. */
function measuringScript(files: readonly (readonly [name: string, bytes: Uint8Array])[], steps: Steps): string {
  const [code, ...segments] = files.map(([name, bytes]) => ({ name: JSON.stringify(name), length: bytes.length }));
  return `var storage=require("Storage"),before=-1,peak=0;
function put(name,size){var f=E.openFile(name,"r"),at=0,piece;while(at<size){piece=f.read(Math.min(4096,size-at));storage.write(name,piece,at,size);at+=piece.length}f.close()}
${[code!, ...segments].map(({ name, length }) => `put(${name},${length});`).join("\n")}
${WARM_UP}
var sertaoAffine=Graphics.createArrayBuffer(8,8,8).transformVertices;
function ${PEAK}(values,matrix){var made=sertaoAffine(values,matrix),used=process.memory(false).usage;if(used>peak)peak=used;return made}
var sertaoHost={native:{crc32:E.CRC32},whole:false,use:function(){},
open:function(){return [${segments.map(({ name }) => `storage.readArrayBuffer(${name})`).join()}]},
start:function(operator){${steps.start}},
hold:function(input){var used=process.memory().usage;${steps.hold}}};
eval(storage.read(${code!.name}));
`;
}

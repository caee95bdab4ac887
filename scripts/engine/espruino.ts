import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineJob, ScriptEngine } from "./engine.js";
import { findCommand } from "./find-command.js";
import { inFolder, runCommand } from "./run-command.js";

/** Espruino on this machine. */
export const espruino = espruinoBuild("espruino");

/**
/**
 * Where Espruino's weights lie on this machine: in flat pieces of RAM, which stand in for a microcontroller's mapped
 * flash, or in Storage, which builds for Linux read through a file.
 */
export type WeightsPlace = "ram" | "storage";

/** A build of Espruino on this machine. Its memory is too small for a pack as text: the script reads files. */
export function espruinoBuild(command: string, weights: WeightsPlace = "ram"): ScriptEngine {
  return {
    name: "espruino",
    backends: ["loops", "espruino", "tensorflow"],
    find: () => findCommand(command),
    run: (job) =>
      inFolder(async (folder) => {
        await writeFile(join(folder, "pack"), job.pack);
        await writeFile(join(folder, "inputs"), job.inputs);
        await writeFile(join(folder, "model.js"), espruinoHost(job, folder, weights) + job.code);
        return runCommand({ command: findCommand(command)!, args: ["model.js"], folder, holdInput: true });
      }),
  };
}

const PIECE_BYTES = 65536;

/** The pack as a list of buffers, `sertaoPack`, read from the open file `sertaoFile`. */
const PACKS: Record<WeightsPlace, (bytes: number) => string> = {
  ram: (bytes) => {
    const pieces: number[] = [];
    for (let at = 0; at < bytes; at += PIECE_BYTES) pieces.push(Math.min(PIECE_BYTES, bytes - at));
    return `function sertaoFlat(n){var k=[],b=new ArrayBuffer(n);while(!E.getAddressOf(b,true)&&k.length<8){k.push(b);b=new ArrayBuffer(n)}return b}
var sertaoPack=[${pieces.join()}].map(sertaoFlat);
sertaoPack.forEach(function(b){sertaoRead(sertaoFile,b)});
`;
  },
  // As the port for Espruino reads a model (firmware/platform/espruino/files.ts).
  storage: (bytes) => `var sertaoPack=[],sertaoAt=0,sertaoPiece;
while(sertaoAt<${bytes}){sertaoPiece=sertaoFile.read(Math.min(4096,${bytes}-sertaoAt));require("Storage").write("model.smod",sertaoPiece,sertaoAt,${bytes});sertaoAt+=sertaoPiece.length}
for(sertaoAt=0;sertaoAt<${bytes};sertaoAt+=${PIECE_BYTES})sertaoPack.push(E.toArrayBuffer(require("Storage").read("model.smod",sertaoAt,${PIECE_BYTES})));
`,
};

/** The script's side of a job, in Espruino's words: its strings are bytes, and nothing is hoisted. */
export function espruinoHost(job: EngineJob, folder: string, weights: WeightsPlace = "ram"): string {
  const { pack, inputs, inputBytes, records, taps, dump, repeats, batch = 1 } = job;
  const file = (name: string): string => JSON.stringify(join(folder, name));
  // 64-bit builds begin with little memory. They add to it for plain variables, never for a flat piece: so it is done here.
  return `if(process.memory().blocksize>16)new ArrayBuffer(131072);
function sertaoRead(f,b){var at=0,n,s,v=new Uint8Array(b);while(at<b.byteLength){n=Math.min(4096,b.byteLength-at);s=f.read(n);v.set(E.toUint8Array(s),at);at+=n}}
var sertaoFile=E.openFile(${file("pack")},"r");
${PACKS[weights](pack.length)}sertaoFile.close();
var sertaoInput=new ArrayBuffer(${inputBytes}),sertaoInputFile=E.openFile(${file("inputs")},"r"),sertaoLast=-1;
var sertaoHost={pack:sertaoPack,records:${records},taps:[${taps.join()}],dump:${dump},repeats:${repeats},batch:${batch},print:print,
nowMs:function(){return getTime()*1000},
fill:function(r,t){if(r!=sertaoLast){if(r<sertaoLast){sertaoInputFile.close();sertaoInputFile=E.openFile(${file("inputs")},"r")}sertaoRead(sertaoInputFile,sertaoInput);sertaoLast=r}t.set(new Int8Array(sertaoInput))}};
// ${inputs.length} bytes of inputs
`;
}

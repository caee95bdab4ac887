import type { EngineJob } from "./engine.js";

/** Bytes handed over in one call: a literal array of this length is no strain on any engine's parser. */
const BYTES_PER_CALL = 1024;
const CALLS_PER_PIECE = 8;

/** How an engine prints and tells the time, as ES5 expressions. */
export interface HostWords {
  readonly print: string;
  readonly nowMs: string;
}

/**
 * The script's side of a job as ES5 text, in pieces to be evaluated one after another: first the buffers, then calls
 * that fill them, then `sertaoHost`. Literals are numbers, which every engine drops after use.
 */
export function hostPieces(job: EngineJob, words: HostWords): string[] {
  const { pack, inputs, inputBytes, records, taps, dump, repeats, batch = 1 } = job;
  const pieces = [
    `var sertaoPack=new ArrayBuffer(${pack.length}),sertaoInputs=new Int8Array(${inputs.length}),sertaoInto,sertaoAt;\n` +
      "function sertaoPut(a){for(var i=0;i<a.length;i++)sertaoInto[sertaoAt++]=a[i]}\n",
    ...putPieces("new Int8Array(sertaoPack)", pack),
    ...putPieces("sertaoInputs", inputs),
    `var sertaoHost={pack:sertaoPack,records:${records},taps:[${taps.join()}],dump:${dump},repeats:${repeats},batch:${batch},` +
      `print:function(s){${words.print}(s)},nowMs:function(){return ${words.nowMs}},` +
      `fill:function(r,t){for(var i=0;i<${inputBytes};i++)t[i]=sertaoInputs[r*${inputBytes}+i]}};\n`,
  ];
  return pieces;
}

function putPieces(target: string, bytes: Uint8Array): string[] {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const calls: string[] = [];
  for (let at = 0; at < signed.length; at += BYTES_PER_CALL) {
    calls.push(`sertaoPut([${signed.subarray(at, at + BYTES_PER_CALL).join()}]);\n`);
  }
  const pieces = [`sertaoInto=${target};sertaoAt=0;\n`];
  for (let i = 0; i < calls.length; i += CALLS_PER_PIECE) pieces.push(calls.slice(i, i + CALLS_PER_PIECE).join(""));
  return pieces;
}

import type { ScriptEngine } from "./engine.js";

const ELEMENTS = 1024;
const SAMPLES = 3;
const SAMPLE_MS = 80;

/**
 * Source of a script that times an engine's bare multiply-accumulate: a loop over two Int8Arrays, or Espruino's
 * convolve over the same. It prints nanoseconds per element, several times.
 */
export function bareScript(native: boolean): string {
  const loop = native
    ? "function(a,b){return E.convolve(a,b,0)}"
    : `function(a,b){var s=0;for(var i=0;i<${ELEMENTS};i++)s+=a[i]*b[i];return s}`;
  return `var f=${loop},a=new Int8Array(${ELEMENTS}),b=new Int8Array(${ELEMENTS}),h=sertaoHost,r,t,n,d;
for(r=0;r<${ELEMENTS};r++){a[r]=r*7%255-127;b[r]=r*5%255-127}
for(r=0;r<${SAMPLES};r++){n=0;t=h.nowMs();do{f(a,b);f(a,b);f(a,b);f(a,b);n+=4;d=h.nowMs()-t}while(d<${SAMPLE_MS});h.print("@ms "+d*1e6/n/${ELEMENTS})}
h.print("@end");
`;
}

/** Nanoseconds per multiply-accumulate of an engine, several times. */
export async function bareRate(engine: ScriptEngine, native: boolean): Promise<number[]> {
  const nothing = { pack: new Uint8Array(8), inputs: new Uint8Array(1), inputBytes: 1, records: 0 };
  const lines = await engine.run({ ...nothing, code: bareScript(native), taps: [], dump: -1, repeats: 0 });
  return lines.filter((line) => line.startsWith("@ms ")).map((line) => Number(line.slice(4)));
}

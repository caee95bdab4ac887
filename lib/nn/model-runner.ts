import { crc32 } from "../core/crc32.js";
import type { NativePrimitives } from "../hal/native-primitives.js";
import { Interpreter } from "./interpreter.js";
import { openModelPack } from "./model-pack.js";
import type { OpResolver } from "./op-resolver.js";

/** What a bare engine gives to `runRecords`: it may have nothing but a way to print. */
export interface RunnerHost {
  readonly pack: ArrayBuffer | ArrayBuffer[];
  readonly records: number;
  /** Puts the input of a record into the input tensor. */
  readonly fill: (record: number, input: Int8Array) => void;
  readonly print: (line: string) => void;
  readonly nowMs: () => number;
  /** Arena offset and bytes of the outputs to report after each operator, -1 before all: [operator, offset, bytes, ...]. */
  readonly taps: readonly number[];
  /** The record whose operator outputs are printed in full; -1 for none, -2 for all. */
  readonly dump: number;
  /** Timed runs of record 0 after everything else, and inferences in each. */
  readonly repeats: number;
  readonly batch: number;
}

/**
 * Runs records through a model and prints, one line each: `@out <hex>` for a record, `@crc <operator> <hex>` for a
 * tapped output, `@dump <operator> <hex>` for one in full, `@ms <time>` of an inference for a timed run, and `@end`.
 */
export function runRecords(host: RunnerHost, operators: OpResolver, native?: NativePrimitives): void {
  try {
    run(host, operators, native);
  } catch (error) {
    // Engines print what nobody caught, and not all of them look into it.
    host.print("Uncaught " + ((error as Error).message || error));
    throw error;
  }
}

function run(host: RunnerHost, operators: OpResolver, native: NativePrimitives | undefined): void {
  const interpreter = new Interpreter(openModelPack(host.pack), operators, native);
  interpreter.prepare();
  const arena = new Uint8Array(interpreter.tensorArena.buffer as ArrayBuffer);
  const taps = host.taps;
  for (let record = 0; record < host.records; record++) {
    host.fill(record, interpreter.input);
    if (taps.length) {
      let tap = 0;
      for (let i = -1; i < interpreter.operatorCount(); i++) {
        if (i >= 0) interpreter.runOperator(i);
        while (taps[tap] === i) {
          const at = taps[tap + 1]!;
          const end = at + taps[tap + 2]!;
          if (record === host.dump || host.dump === -2) host.print("@dump " + i + " " + hex(arena, at, end));
          else
            host.print(
              "@crc " + i + " " + crc32(new Uint8Array(arena.buffer as ArrayBuffer, at, end - at)).toString(16),
            );
          tap += 3;
        }
      }
    } else interpreter.invoke();
    const output = interpreter.output;
    const bytes = new Uint8Array(output.buffer as ArrayBuffer, output.byteOffset, output.length);
    host.print("@out " + hex(bytes, 0, bytes.length));
  }
  for (let i = 0; i < host.repeats; i++) {
    const start = host.nowMs();
    for (let n = 0; n < host.batch; n++) {
      host.fill(0, interpreter.input);
      interpreter.invoke();
    }
    host.print("@ms " + (host.nowMs() - start) / host.batch);
  }
  host.print("@end");
}

const DIGITS = "0123456789abcdef";

function hex(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let i = from; i < to; i++) text += DIGITS.charAt(bytes[i]! >> 4) + DIGITS.charAt(bytes[i]! & 15);
  return text;
}

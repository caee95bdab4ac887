import type { BackendName } from "../../boards/board.js";

/** Engines that a script can be run on. */
export const ENGINES = ["node", "quickjs", "espruino", "jerry", "mqjs", "duk"] as const;

export type ScriptEngineName = (typeof ENGINES)[number];

/** A script with the binary data it works on. Its answer is what it prints. */
export interface EngineJob {
  /** Bundled ES5 that calls the global `sertaoHost`, a RunnerHost of lib/nn. */
  readonly code: string;
  readonly pack: Uint8Array;
  /** Raw input tensors, one after another. */
  readonly inputs: Uint8Array;
  readonly inputBytes: number;
  readonly records: number;
  readonly taps: readonly number[];
  readonly dump: number;
  readonly repeats: number;
  /** Inferences in each timed run; 1 where left out. */
  readonly batch?: number;
}

/** Something that runs scripts. */
export interface ScriptEngine {
  readonly name: ScriptEngineName;
  readonly backends: readonly BackendName[];
  /** Path of its command; undefined where the engine is not on this machine. Built-in engines have the empty path. */
  find(): string | undefined;
  /** Runs a job and returns the lines it printed. Throws SertaoError ENGINE_FAILED. */
  run(job: EngineJob): Promise<string[]>;
}

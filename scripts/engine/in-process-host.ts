import type { RunnerHost } from "../../lib/nn/model-runner.js";
import type { EngineJob } from "./engine.js";

/** The script's side of a job, for engines that share memory with this process. */
export function hostFor(job: EngineJob, print: (line: string) => void): RunnerHost {
  const { inputs, inputBytes, records, taps, dump, repeats, batch = 1 } = job;
  return {
    // A list: a buffer of another realm is no ArrayBuffer of the script.
    pack: [new Uint8Array(job.pack).buffer],
    records,
    taps,
    dump,
    repeats,
    batch,
    print,
    nowMs: () => performance.now(),
    fill: (record, input) => input.set(inputs.subarray(record * inputBytes, (record + 1) * inputBytes)),
  };
}

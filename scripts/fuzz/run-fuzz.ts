import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { CaseEnd } from "./child.js";

/** What a model file may take, however hostile it is. */
export const LIMIT_BYTES = 64 * 1024 * 1024;
const LIMIT_MS = 10000;
const JUDGE = new URL("judge-model.js", import.meta.url).href;
/** What the process has besides: code, compiled models, the engine's own. */
const HEAP_MB = 64 + 64;

export interface FuzzOptions {
  readonly seed: number;
  /** Cases from the first to the last, the last not counted. */
  readonly first: number;
  readonly last: number;
  /** Longest that a case may take. */
  readonly limitMs?: number;
  /** URL of the module whose `judgeModel` meets the cases: for tests of this. */
  readonly judge?: string;
  onProgress?(done: number): void;
}

/** A case that was not met with an answer. */
export interface Failure {
  readonly index: number;
  readonly kind: string;
  readonly problem: string;
}

export interface FuzzReport {
  readonly seed: number;
  readonly cases: number;
  /** Cases by outcome: "works", or the code of a refusal. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly mostBytes: number;
  readonly failures: readonly Failure[];
}

/** Tries hostile model files, in processes of their own that may crash, hang or run out of memory. */
export async function fuzzModels(options: FuzzOptions): Promise<FuzzReport> {
  const { seed, first, last, onProgress } = options;
  const outcomes: Record<string, number> = {};
  const failures: Failure[] = [];
  let mostBytes = 0;
  let next = first;
  const note = (end: CaseEnd): void => {
    const { index, kind, outcome, failure, peakBytes } = end;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    mostBytes = Math.max(mostBytes, peakBytes);
    if (failure !== undefined) failures.push({ index, kind, problem: failure });
    else if (peakBytes > LIMIT_BYTES) failures.push({ index, kind, problem: `it took ${peakBytes} bytes` });
    next = index + 1;
    onProgress?.(next - first);
  };
  while (next < last) {
    const begun = next;
    const problem = await runChild({ ...options, first: next }, note);
    if (problem === undefined) break;
    // The case that it was at ended the process.
    failures.push({ index: next, kind: "unfinished", problem });
    outcomes["failed"] = (outcomes["failed"] ?? 0) + 1;
    next = Math.max(begun, next) + 1;
  }
  return { seed, cases: last - first, outcomes, mostBytes, failures };
}

/** Runs cases in a process; gives the reason where it did not come to its end. */
function runChild(
  { seed, first, last, limitMs = LIMIT_MS, judge = JUDGE }: FuzzOptions,
  note: (end: CaseEnd) => void,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const script = fileURLToPath(new URL("child.js", import.meta.url));
    const child = fork(script, [seed, first, last, LIMIT_BYTES, judge].map(String), {
      execArgv: ["--expose-gc", `--max-old-space-size=${HEAP_MB}`],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      serialization: "advanced",
    });
    let problem: string | undefined;
    let timer: NodeJS.Timeout | undefined;
    let left = last - first;
    child.on("message", (message: CaseEnd | { begins: number }) => {
      clearTimeout(timer);
      if ("begins" in message) {
        timer = setTimeout(() => {
          problem = `no answer after ${limitMs / 1000} s`;
          child.kill("SIGKILL");
        }, limitMs);
        return;
      }
      left--;
      note(message);
    });
    child.on("error", (error) => (problem = error.message));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve(left === 0 ? undefined : (problem ?? `the process ended with ${signal ?? `status ${code}`}`));
    });
  });
}

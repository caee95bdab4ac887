import { newQuickJSWASMModule } from "quickjs-emscripten";
import { thrownText } from "../../engine/explain.js";
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from "quickjs-emscripten";
import type { GuestBoard, GuestHost, GuestValue } from "../guest/guest.js";
import { guestProgram } from "../guest/program.js";
import { fromGuest, toGuest } from "./marshal.js";
import { dataBytes, estimateJsVars, type HeapCounts } from "./js-var-estimate.js";

/** Why an engine stopped for good. */
export type EngineEnd = "hang" | "memory" | "halted";

export interface EngineOptions {
  readonly board: GuestBoard;
  readonly host: GuestHost;
  /** JsVars that the board has. */
  readonly maxJsVars: number;
  /** The engine looks up this often within one call before it counts as hanging: some 10,000 jumps each. */
  readonly maxPolls?: number;
}

const MAX_POLLS = 3000;
/** Memory is counted every so many calls, and every so many polls within one. */
const CALLS_PER_COUNT = 64;
const POLLS_PER_COUNT = 16;
/** Within a call nothing is collected first: only memory far beyond the board's ends it there. */
const GARBAGE_FACTOR = 2;
/** Far above any board: only keeps a runaway application from taking this machine's memory. */
const BACKSTOP_BYTES = 64 * 1024 * 1024;

/** The compiled engine; one for each device, so that they share no memory. */
export function loadQuickJs(): Promise<QuickJSWASMModule> {
  return newQuickJSWASMModule();
}

/** One boot of a device: an engine with Espruino's API, until it is disposed of. */
export class QuickJsEngine {
  /** Set when nothing in it may run any more. */
  end: EngineEnd | undefined;
  jsVars = 0;
  peakJsVars = 0;

  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #entries: QuickJSHandle;
  readonly #options: EngineOptions;
  readonly #before: HeapCounts;
  #sourceBytes = 0;
  #polls = 0;
  #calls = 0;

  constructor(module: QuickJSWASMModule, options: EngineOptions) {
    this.#options = options;
    this.#runtime = module.newRuntime();
    this.#runtime.setMemoryLimit(BACKSTOP_BYTES);
    this.#runtime.setInterruptHandler(() => this.#mustStop());
    this.#context = this.#runtime.newContext();
    const install = this.#context.unwrapResult(this.#context.evalCode(guestProgram(options.board), "espruino.js"));
    const calls = this.#hostCalls(options.host);
    const root = this.#context.global;
    this.#entries = this.#context.unwrapResult(
      this.#context.callFunction(install, this.#context.undefined, root, calls),
    );
    for (const handle of [install, calls]) handle.dispose();
    this.#enter("collect", []);
    this.#before = this.#count();
    this.#measure();
  }

  /** Runs a script at the top level, as `.bootcde` is. Returns false where it threw, or the engine ended. */
  evaluate(code: string, name: string): boolean {
    this.#begin();
    const handed = this.#handedText();
    const sourceBytes = this.#textBytes(code, name) + (handed === "" ? 0 : this.#textBytes(handed, name));
    this.#sourceBytes += sourceBytes;
    const result = this.#context.evalCode(code, name, { type: "global" });
    if (result.error === undefined) result.value.dispose();
    else this.#fail(result.error);
    this.#finish();
    // A script that only hands another on leaves none of its functions.
    if (handed === "" && this.#handedText() !== "") this.#sourceBytes -= sourceBytes;
    return result.error === undefined && this.end === undefined;
  }

  /** Calls one of the API's entries ("tick", "netData"). */
  call(entry: string, ...values: GuestValue[]): void {
    if (this.end !== undefined) return;
    this.#begin();
    this.#enter(entry, values);
    this.#finish();
  }

  /** Ends the engine from within one of its calls: what still runs of that call has no effect. */
  halt(): void {
    this.end ??= "halted";
  }

  /** Counts the memory in use now. */
  measure(): number {
    this.#measure();
    return this.jsVars;
  }

  dispose(): void {
    this.#entries.dispose();
    this.#context.dispose();
    this.#runtime.dispose();
  }

  #hostCalls(host: GuestHost): QuickJSHandle {
    const calls = this.#context.newObject();
    for (const [name, call] of Object.entries(host) as [string, (...values: GuestValue[]) => GuestValue][]) {
      const handle = this.#context.newFunction(name, (...handles) => {
        // An engine that has ended cannot be stopped at once: until then its calls do nothing.
        if (this.end !== undefined) throw new Error("the device is off");
        return toGuest(this.#context, call(...handles.map((value) => fromGuest(this.#context, value))));
      });
      this.#context.setProp(calls, name, handle);
      handle.dispose();
    }
    return calls;
  }

  /** QuickJS keeps the text of every function, inner ones again within outer ones. */
  #textBytes(code: string, name: string): number {
    const before = dataBytes(this.#count());
    const result = this.#context.evalCode(code, name, { type: "global", compileOnly: true });
    const after = dataBytes(this.#count());
    if (result.error !== undefined) result.error.dispose();
    else result.value.dispose();
    return Math.max(0, after - before);
  }

  /** The script that the supervisor chose and the loader is to run (firmware/boot); empty where there is none. */
  #handedText(): string {
    const result = this.#context.evalCode('typeof sertaoBoot==="string"?sertaoBoot:""', "handed.js", {
      type: "global",
    });
    return this.#context.unwrapResult(result).consume((text) => this.#context.getString(text));
  }

  #enter(entry: string, values: GuestValue[]): void {
    const target = this.#context.getProp(this.#entries, entry);
    const handles = values.map((value) => toGuest(this.#context, value));
    const result = this.#context.callFunction(target, this.#context.undefined, ...handles);
    for (const handle of [target, ...handles]) handle.dispose();
    if (result.error === undefined) result.value.dispose();
    else this.#fail(result.error);
  }

  #begin(): void {
    this.#polls = 0;
  }

  #finish(): void {
    while (this.end === undefined && this.#runtime.hasPendingJob()) {
      const result = this.#runtime.executePendingJobs();
      if (result.error !== undefined) this.#fail(result.error);
    }
    if (this.end === undefined && ++this.#calls % CALLS_PER_COUNT === 0) this.#measure();
  }

  /** Only what the guest's guard cannot catch arrives here, and errors of the script's top level. */
  #fail(error: QuickJSHandle): void {
    const context = this.#context;
    const thrown = thrownText(context.dump(error));
    error.dispose();
    if (this.end !== undefined) return;
    this.#options.host.crashed(thrown);
    this.#options.host.print(`Uncaught ${thrown}`);
  }

  #mustStop(): boolean {
    if (this.end !== undefined) return true;
    if (++this.#polls % POLLS_PER_COUNT === 0 && this.#estimate() > GARBAGE_FACTOR * this.#options.maxJsVars) {
      this.end = "memory";
    }
    if (this.#polls > (this.#options.maxPolls ?? MAX_POLLS)) this.end ??= "hang";
    return this.end !== undefined;
  }

  #measure(): void {
    this.#enter("collect", []);
    this.jsVars = this.#estimate();
    this.peakJsVars = Math.max(this.peakJsVars, this.jsVars);
    if (this.jsVars > this.#options.maxJsVars) this.end ??= "memory";
  }

  #estimate(): number {
    return estimateJsVars(this.#count(), this.#before, this.#sourceBytes, this.#options.board.blockBytes);
  }

  #count(): HeapCounts {
    return this.#runtime.computeMemoryUsage().consume((usage) => this.#context.dump(usage) as HeapCounts);
  }
}

import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from "quickjs-emscripten";
import type { GuestBoard, GuestHost, GuestValue } from "../guest/guest.js";
import { guestProgram } from "../guest/program.js";
import { fromGuest, toGuest } from "./marshal.js";
import type { HeapCounts } from "./js-var-estimate.js";

/** Far above any board: only keeps a runaway application from taking this machine's memory. */
const BACKSTOP_BYTES = 64 * 1024 * 1024;

/** What the engine asks of whoever boots it. */
export interface Booted {
  readonly host: GuestHost;
  mustStop(): boolean;
  /** True once nothing of it may run any more. */
  hasEnded(): boolean;
}

/**
 * An engine with Espruino's API in it, as it is before a bundle runs. It is made once for each device; every boot puts
 * the memory back as it was then, because making it anew takes longer than most wakes do.
 */
export class EngineImage {
  readonly runtime: QuickJSRuntime;
  readonly context: QuickJSContext;
  readonly entries: QuickJSHandle;
  /** Heap before the bundle; set by the first boot. */
  before: HeapCounts | undefined;
  /** Bytes that the text of a script takes, by script. */
  readonly textBytes = new Map<string, number>();
  /** The bundle as a function, compiled once, where it is one; set by the first boot. */
  program: QuickJSHandle | undefined;
  readonly #kind: string;
  readonly #memory: { readonly buffer: ArrayBufferLike };
  #saved: Uint8Array | undefined;
  #booted: Booted;

  private constructor(module: QuickJSWASMModule, board: GuestBoard, booted: Booted, kind: string) {
    this.#kind = kind;
    this.#booted = booted;
    this.#memory = module.getWasmMemory();
    this.runtime = module.newRuntime();
    this.runtime.setMemoryLimit(BACKSTOP_BYTES);
    this.runtime.setInterruptHandler(() => this.#booted.mustStop());
    this.context = this.runtime.newContext();
    const install = this.context.unwrapResult(this.context.evalCode(guestProgram(board), "espruino.js"));
    const calls = this.#hostCalls(Object.keys(booted.host) as (keyof GuestHost)[]);
    const { global: root, undefined: nothing } = this.context;
    this.entries = this.context.unwrapResult(this.context.callFunction(install, nothing, root, calls));
    for (const handle of [install, calls]) handle.dispose();
  }

  static readonly #images = new WeakMap<QuickJSWASMModule, EngineImage>();

  /** The image of a module, with its memory as it was before the bundle ran; made where there is none for board and bundle. */
  static boot(module: QuickJSWASMModule, board: GuestBoard, booted: Booted, bundle: string): EngineImage {
    const known = EngineImage.#images.get(module);
    const kind = JSON.stringify(board) + bundle;
    if (known === undefined || known.#saved === undefined || known.#kind !== kind) {
      const made = new EngineImage(module, board, booted, kind);
      EngineImage.#images.set(module, made);
      return made;
    }
    known.#booted = booted;
    known.#restore();
    return known;
  }

  /** Keeps the memory as it is now, for the boots to come. */
  save(): void {
    this.#saved ??= new Uint8Array(this.#memory.buffer).slice();
  }

  #restore(): void {
    const memory = new Uint8Array(this.#memory.buffer);
    memory.set(this.#saved!);
    // What the memory grew by since is as it was: zeros.
    memory.fill(0, this.#saved!.length);
  }

  #hostCalls(names: readonly (keyof GuestHost)[]): QuickJSHandle {
    const { context } = this;
    const calls = context.newObject();
    for (const name of names) {
      const handle = context.newFunction(name, (...handles) => {
        // An engine that has ended cannot be stopped at once: until then its calls do nothing.
        if (this.#booted.hasEnded()) throw new Error("the device is off");
        const call = this.#booted.host[name] as (...values: GuestValue[]) => GuestValue;
        return toGuest(context, call(...handles.map((value) => fromGuest(context, value))));
      });
      context.setProp(calls, name, handle);
      handle.dispose();
    }
    return calls;
  }
}

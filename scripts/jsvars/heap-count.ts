import { types } from "node:util";
import type { CallScope, HeapRecorder } from "./heap-recorder.js";
import { bufferVars, nameVars, textVars, type JsVarLayout } from "./jsvar-layout.js";

/** JsVars by what they are for. */
export interface HeapCounts {
  /** Bytes that arrays and views lie in, by buffer; those that stay in flash have the two JsVars that name them. */
  readonly buffers: ReadonlyMap<ArrayBuffer, number>;
  /** Typed arrays: views of those buffers. */
  readonly views: number;
  /** Objects, lists, names, numbers, functions and the variables they see. */
  readonly structures: number;
}

/** A function with what Espruino keeps of it: how many parameters it has, and its prototype. */
type EngineFunction = object & { readonly length: number; readonly prototype?: object };

/** A variable, member or element with what it holds. */
interface Slot {
  readonly name: string;
  readonly value: unknown;
  /** True where its numbers are doubles on Espruino, whole or not. */
  readonly float: boolean;
}

/** Named by an ArrayBuffer and a text that points at the flash. */
const FLASH_BUFFER_VARS = 2;
/** `\xFFcod`: its name and the text that points at the flash; `\xFFsco`: its name. Espruino src/jsparse.c. */
const FUNCTION_CODE_VARS = 2;
const FUNCTION_SCOPE_NAME_VARS = 1;

/**
 * Counts the JsVars of everything that a recorded script can reach, in the layout of an Espruino with its functions in
 * flash. Known objects of the host cost nothing.
 */
export function countHeap(
  recorder: HeapRecorder,
  layout: JsVarLayout,
  inFlash: ReadonlySet<ArrayBuffer>,
  ofHost: readonly object[],
): HeapCounts {
  const count = new Count(recorder, layout, inFlash, ofHost);
  count.scope(recorder.outermost);
  return count;
}

class Count implements HeapCounts {
  readonly buffers = new Map<ArrayBuffer, number>();
  views = 0;
  structures = 0;
  readonly #seen: Set<object>;
  /** Numbers that names may share, and how many JsVars hold each: those seen since the variables of a call began. */
  #shared = new Map<number, number>();

  constructor(
    private readonly recorder: HeapRecorder,
    private readonly layout: JsVarLayout,
    private readonly inFlash: ReadonlySet<ArrayBuffer>,
    ofHost: readonly object[],
  ) {
    this.#seen = new Set(ofHost);
  }

  /** A call: an object whose members are the variables. */
  scope(scope: CallScope): void {
    if (this.#isSeen(scope)) return;
    const around = this.#shared;
    this.#shared = new Map();
    this.structures++;
    const values = scope.read();
    const slots = scope.names.map((name, i) => ({ name, value: values[i], float: scope.floats[i] === 1 }));
    // A variable is often a copy of another.
    this.#slots(slots, true);
    this.#shared = around;
  }

  #isSeen(value: object): boolean {
    if (this.#seen.has(value)) return true;
    this.#seen.add(value);
    return false;
  }

  /** @param copies whether equal numbers among them are one that was copied */
  #slots(slots: readonly Slot[], copies: boolean): void {
    for (const { name } of slots) this.structures += nameVars(this.layout, name.length);
    this.#values(slots, copies);
  }

  #values(values: readonly Omit<Slot, "name">[], copies: boolean): void {
    const numbers = values.filter(({ value }) => typeof value === "number") as { value: number; float: boolean }[];
    this.structures += numbers.filter(({ float }) => float).length;
    this.#numbers(
      numbers.filter(({ float }) => !float).map(({ value }) => value),
      copies,
    );
    for (const { value } of values) this.#value(value);
  }

  /**
   * A small integer lies in its name. Another number is a JsVar, which names share that were given it by a copy: a number
   * that was seen before is taken for that one, as often as it was seen.
   */
  #numbers(values: readonly number[], copies: boolean): void {
    const { leastInline, greatestInline } = this.layout;
    const here = new Map<number, number>();
    for (const value of values) {
      if (Number.isInteger(value) && value >= leastInline && value <= greatestInline) continue;
      here.set(value, copies ? 1 : (here.get(value) ?? 0) + 1);
    }
    for (const [value, count] of here) {
      const known = this.#shared.get(value) ?? 0;
      this.structures += Math.max(0, count - known);
      this.#shared.set(value, Math.max(count, known));
    }
  }

  #value(value: unknown): void {
    if (typeof value === "string") this.structures += textVars(this.layout, value.length);
    else if (typeof value === "boolean" || value === null) this.structures++;
    else if (typeof value === "object" || typeof value === "function") {
      if (!this.#isSeen(value)) this.#object(value);
    }
  }

  #object(value: object): void {
    if (types.isTypedArray(value)) {
      this.views++;
      this.#value(value.buffer);
    } else if (types.isArrayBuffer(value)) {
      this.buffers.set(value, this.inFlash.has(value) ? FLASH_BUFFER_VARS : bufferVars(this.layout, value.byteLength));
    } else if (typeof value === "function") this.#function(value as EngineFunction);
    else if (Array.isArray(value)) {
      this.structures += 1 + value.length;
      this.#values(
        (value as unknown[]).map((element) => ({ value: element, float: false })),
        false,
      );
    } else this.#members(value);
  }

  #members(value: object): void {
    this.structures++;
    const floats = this.recorder.floatMembers(value);
    const slots = Object.getOwnPropertyNames(value).map((name) => {
      return { name, value: (value as Record<string, unknown>)[name], float: floats.includes(name) };
    });
    const prototype: unknown = Object.getPrototypeOf(value);
    // An object literal's prototype is the engine's own, and Espruino does not note it.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      slots.push({ name: "__proto__", value: prototype, float: false });
    }
    this.#slots(slots, false);
  }

  #function(value: EngineFunction): void {
    this.structures++;
    if (!this.recorder.isOfScript(value)) return;
    const scopes = this.recorder.scopesOf(value);
    this.structures += value.length + FUNCTION_CODE_VARS;
    // One call around it is referred to, several are listed.
    if (scopes.length > 0) this.structures += FUNCTION_SCOPE_NAME_VARS;
    if (scopes.length > 1) this.structures += 1 + scopes.length;
    for (const scope of scopes) this.scope(scope);
    const prototype = value.prototype;
    const constructed = this.recorder.wasConstructed(value);
    // A function has a prototype once one was set or it was called with `new`; that adds the constructor to it.
    if (prototype === undefined || (!constructed && Object.hasOwn(prototype, "constructor"))) return;
    const slots = [{ name: "prototype", value: prototype, float: false }];
    if (constructed && !Object.hasOwn(prototype, "constructor"))
      slots.push({ name: "constructor", value, float: false });
    this.#slots(slots, false);
  }
}

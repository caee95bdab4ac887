import { ErrorCode } from "../../../lib/core/error-code.js";
import type { Outbox } from "../../../lib/outbox/outbox.js";
import { OverflowPolicy, Priority } from "../../../lib/outbox/outbox.js";
import type { SimulatedFlash } from "../flash/simulated-flash.js";
import type { Model } from "./subject.js";

/** What a scenario asks of an outbox. `count` records are acknowledged, or as many as wait. */
export type OutboxStep =
  | { readonly kind: "append"; readonly priority: Priority; readonly length: number }
  | { readonly kind: "acknowledge"; readonly priority: Priority; readonly count: number }
  | { readonly kind: "reboot" };

export interface OutboxRules {
  readonly steps: readonly OutboxStep[];
  readonly policies: readonly [OverflowPolicy, OverflowPolicy];
  /** Page numbers of each ring, for the wear. */
  readonly rings: readonly (readonly number[])[];
  readonly incarnation: number;
}

interface Waiting {
  readonly sequence: number;
  readonly bytes: string;
}

type Pending =
  | { readonly kind: "append"; readonly priority: Priority; readonly record: Waiting }
  | { readonly kind: "acknowledge"; readonly priority: Priority; readonly count: number }
  | undefined;

const CLASSES = [Priority.NORMAL, Priority.ALARM];
const NAMES = ["normal", "alarm"];
const AFTERMATH: readonly OutboxStep[] = [
  { kind: "acknowledge", priority: Priority.NORMAL, count: 2 },
  { kind: "append", priority: Priority.NORMAL, length: 15 },
  { kind: "append", priority: Priority.ALARM, length: 9 },
  { kind: "append", priority: Priority.NORMAL, length: 16 },
  { kind: "acknowledge", priority: Priority.ALARM, count: 1 },
];

/** Steps that follow each cut. */
export const OUTBOX_AFTERMATH = AFTERMATH.length;

/** The promises O1 to O6 (docs/outbox.md), as what an outbox may hold at any moment. */
export class OutboxModel implements Model<Outbox> {
  #waiting: [Waiting[], Waiting[]] = [[], []];
  #evicted: [number, number] = [0, 0];
  #next = 1;
  #pending: Pending;
  /** Restarts seen: what is written after one is not what was being written before it. */
  #lives = 0;

  constructor(private readonly rules: OutboxRules) {}

  clone(): OutboxModel {
    const copy = new OutboxModel(this.rules);
    copy.#waiting = [[...this.#waiting[0]], [...this.#waiting[1]]];
    copy.#evicted = [...this.#evicted];
    copy.#next = this.#next;
    copy.#pending = this.#pending;
    copy.#lives = this.#lives;
    return copy;
  }

  step(index: number, outbox: Outbox, open: () => Outbox): Outbox {
    const step = this.rules.steps[index]!;
    if (step.kind === "reboot") return open();
    this.#run(step, outbox);
    return outbox;
  }

  aftermath(index: number, outbox: Outbox): void {
    this.#run(AFTERMATH[index]!, outbox);
  }

  check(outbox: Outbox, flash: SimulatedFlash, eraseCuts: number): string[] {
    const problems: string[] = [];
    if (outbox.incarnation !== this.rules.incarnation) problems.push(`incarnation became ${outbox.incarnation}`);
    let last = this.#next - 1;
    for (const priority of CLASSES) {
      const found = drain(outbox, priority);
      problems.push(...this.#checkClass(outbox, priority, found).map((text) => `${NAMES[priority]}: ${text}`));
      this.#waiting[priority] = found;
      this.#evicted[priority] = outbox.evicted(priority);
      last = Math.max(last, found.at(-1)?.sequence ?? 0);
    }
    this.#next = last + 1;
    this.#pending = undefined;
    this.#lives++;
    for (const pages of this.rules.rings) {
      const counts = pages.map((page) => flash.eraseCounts[page]!);
      const spread = Math.max(...counts) - Math.min(...counts);
      if (spread > 1 + eraseCuts)
        problems.push(`O6: erase counts ${counts.join(" ")} after ${eraseCuts} cuts in erases`);
    }
    return problems;
  }

  #checkClass(outbox: Outbox, priority: Priority, found: Waiting[]): string[] {
    const problems: string[] = [];
    const pending = this.#pending?.priority === priority ? this.#pending : undefined;
    const evictions = outbox.evicted(priority) - this.#evicted[priority]!;
    const kept = [...found];
    if (outbox.waiting(priority) !== found.length) {
      problems.push(`says that ${outbox.waiting(priority)} wait and gives ${found.length}`);
    }
    if (pending?.kind === "append" && kept.at(-1)?.sequence === pending.record.sequence) {
      if (kept.pop()!.bytes !== pending.record.bytes)
        problems.push("O2: a record that was cut short is there, changed");
    }
    const lost = this.#waiting[priority]!.length - kept.length;
    const mayEvict = pending?.kind === "append" && this.rules.policies[priority] === OverflowPolicy.DROP_OLDEST;
    if (evictions !== 0 && !mayEvict) problems.push(`O5: ${evictions} evictions counted that nobody asked for`);
    if (pending?.kind === "acknowledge") {
      if (lost > pending.count) problems.push(`O1: ${lost} records gone, ${pending.count} were acknowledged`);
    } else if (lost !== evictions) problems.push(`O1: ${lost} records gone, ${evictions} evictions counted`);
    if (lost < 0) problems.push(`O4: ${-lost} records too many: delivered or evicted ones are back`);
    const expected = this.#waiting[priority]!.slice(Math.max(0, lost));
    const wrong = kept.findIndex(
      (record, i) => record.sequence !== expected[i]?.sequence || record.bytes !== expected[i]?.bytes,
    );
    if (wrong >= 0 && lost >= 0) {
      problems.push(`O3: record ${wrong} has sequence ${kept[wrong]!.sequence}, not ${expected[wrong]?.sequence}`);
    }
    return problems;
  }

  #run(step: OutboxStep, outbox: Outbox): void {
    if (step.kind === "append") this.#append(step.priority, step.length, outbox);
    else if (step.kind === "acknowledge") this.#acknowledge(step.priority, step.count, outbox);
  }

  #append(priority: Priority, length: number, outbox: Outbox): void {
    const seed = this.#next * 31 + this.#lives * 89;
    const bytes = Uint8Array.from({ length }, (_, i) => (seed + i * 7 + (this.#next >>> 8)) & 255);
    const record = { sequence: this.#next, bytes: Buffer.from(bytes).toString("hex") };
    this.#pending = { kind: "append", priority, record };
    const result = outbox.append(priority, bytes, length);
    const full = this.rules.policies[priority] === OverflowPolicy.REJECT_NEW && result === -ErrorCode.OUTBOX_FULL;
    if (!full) {
      if (result !== this.#next) throw new Error(`append gave ${result}, not ${this.#next}`);
      const evictions = outbox.evicted(priority) - this.#evicted[priority]!;
      this.#waiting[priority]!.splice(0, evictions);
      this.#evicted[priority] = outbox.evicted(priority);
      this.#waiting[priority]!.push(record);
      this.#next++;
    }
    this.#pending = undefined;
  }

  #acknowledge(priority: Priority, count: number, outbox: Outbox): void {
    const waiting = this.#waiting[priority]!;
    const batch = Math.min(count, waiting.length);
    if (batch === 0) return;
    this.#pending = { kind: "acknowledge", priority, count: batch };
    outbox.acknowledge(priority, waiting[batch - 1]!.sequence);
    waiting.splice(0, batch);
    this.#pending = undefined;
  }
}

function drain(outbox: Outbox, priority: Priority): Waiting[] {
  const found: Waiting[] = [];
  outbox.read(priority, 0, (sequence, bytes, start, end) => {
    found.push({ sequence, bytes: Buffer.from(bytes.subarray(start, end)).toString("hex") });
    return true;
  });
  return found;
}

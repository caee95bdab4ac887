import { PowerCut } from "../flash/power-cut.js";
import type { FlashSnapshot } from "../flash/simulated-flash.js";
import { SimulatedFlash } from "../flash/simulated-flash.js";
import type { FlashOperation, TornForm } from "../flash/torn-form.js";
import { formText, tornForms } from "../flash/torn-form.js";
import { cloneDevice } from "./clone-device.js";
import type { Model, Subject } from "./subject.js";

/** One power cut: at an operation, counted from 1 since the device was switched on, in a form. */
export interface Cut {
  readonly operation: number;
  readonly form: TornForm;
}

export interface ExploreOptions {
  /** Seeds for each form that takes one. */
  readonly variety: number;
  /** Every so many first cuts are followed by second cuts at every operation of the recovery; 0: none. */
  readonly secondEvery: number;
  /** Only first cuts whose number modulo this is 0; 1 takes all. */
  readonly firstEvery: number;
  /** Only this cut, and this second one: to see a violation again. */
  readonly only?: { readonly first: Cut; readonly second?: Cut | undefined };
  /** Ends with the first violation. */
  readonly stopAtFirst?: boolean;
  readonly onProgress?: (step: number) => void;
}

export interface Exploration {
  /** Flash operations of the scenario without any cut. */
  readonly operations: number;
  readonly firstCuts: number;
  readonly secondCuts: number;
  readonly violations: readonly string[];
}

/** Violations that are listed in full; the rest is counted. */
const LISTED = 20;

/**
 * Runs a scenario, and again from before each of its steps with the power cut at each flash operation of the step, in
 * every form. After each cut the device restarts, is compared with its model, goes on for some steps, and restarts.
 */
export function explore<Device>(subject: Subject<Device>, options: ExploreOptions): Exploration {
  return new Explorer(subject, options).run();
}

class Explorer<Device> {
  readonly #flash: SimulatedFlash;
  readonly #violations: string[] = [];
  #operations = 0;
  #firstCuts = 0;
  #secondCuts = 0;
  #numbered = 0;

  constructor(
    private readonly subject: Subject<Device>,
    private readonly options: ExploreOptions,
  ) {
    this.#flash = new SimulatedFlash(subject.flash);
  }

  run(): Exploration {
    const flash = this.#flash;
    const model = this.subject.model();
    let device: Device | undefined;
    // Step -1 switches a new device on: its flash is formatted.
    for (let step = -1; step < this.subject.steps; step++) {
      const before = flash.snapshot();
      const modelBefore = model.clone();
      const deviceBefore = device === undefined ? undefined : cloneDevice(device, flash);
      const operations: FlashOperation[] = [];
      flash.onOperation = (operation) => operations.push(operation);
      device = this.#advance(step, model, device);
      flash.onOperation = undefined;
      const after = flash.snapshot();
      this.#cutStep(step, before, deviceBefore, modelBefore, operations);
      flash.restore(after);
      this.#operations += operations.length;
      this.options.onProgress?.(step);
      if (this.options.stopAtFirst === true && this.#violations.length > 0) break;
    }
    this.#note(model.check(this.subject.open(flash), flash, 0), "no cut");
    return {
      operations: this.#operations,
      firstCuts: this.#firstCuts,
      secondCuts: this.#secondCuts,
      violations: this.#violations,
    };
  }

  #advance(step: number, model: Model<Device>, device: Device | undefined): Device {
    const open = (): Device => this.subject.open(this.#flash);
    return device === undefined ? open() : model.step(step, device, open);
  }

  #cutStep(
    step: number,
    before: FlashSnapshot,
    deviceBefore: Device | undefined,
    modelBefore: Model<Device>,
    operations: FlashOperation[],
  ): void {
    const { only, variety, firstEvery } = this.options;
    operations.forEach((operation, index) => {
      const number = this.#operations + index + 1;
      if (only !== undefined && only.first.operation !== number) return;
      for (const form of only !== undefined ? [only.first.form] : tornForms(operation, variety)) {
        if (only === undefined && this.subject.isTried?.(form, operation) === false) continue;
        if (only === undefined && this.#numbered++ % firstEvery !== 0) continue;
        if (this.options.stopAtFirst === true && this.#violations.length > 0) return;
        const model = modelBefore.clone();
        this.#flash.restore(before);
        this.#flash.cutAt(index + 1, form);
        const device = deviceBefore === undefined ? undefined : cloneDevice(deviceBefore, this.#flash);
        const cut = interrupted(() => this.#advance(step, model, device));
        const name = `--cut ${number} --form ${formText(form)}`;
        this.#firstCuts++;
        if (cut) this.#recover(model, name, inErase(operations, index) ? 1 : 0);
        else this.#note(["the run is not deterministic: the cut did not happen"], name);
      }
    });
  }

  /** What follows a first cut: once without another, then with a second cut at every operation of it. */
  #recover(model: Model<Device>, name: string, eraseCuts: number): void {
    const { secondEvery, only } = this.options;
    this.#flash.restart();
    const start = this.#flash.snapshot();
    const operations: FlashOperation[] = [];
    this.#flash.onOperation = (operation) => operations.push(operation);
    if (only?.second === undefined) this.#attempt(model.clone(), name, () => eraseCuts);
    else this.#silently(() => this.#aftermath(model.clone(), () => eraseCuts));
    this.#flash.onOperation = undefined;
    if (only !== undefined ? only.second === undefined : secondEvery === 0 || this.#firstCuts % secondEvery !== 0) {
      return;
    }
    operations.forEach((operation, index) => {
      if (only?.second !== undefined && only.second.operation !== index + 1) return;
      for (const form of only?.second !== undefined ? [only.second.form] : secondForms(operation)) {
        const again = model.clone();
        this.#flash.restore(start);
        this.#flash.cutAt(index + 1, form);
        const cuts = eraseCuts + (inErase(operations, index) ? 1 : 0);
        this.#secondCuts++;
        const second = `${name} --then ${index + 1} --then-form ${formText(form)}`;
        this.#attempt(again, second, (restarts) => (restarts === 0 ? eraseCuts : cuts));
      }
    });
  }

  #attempt(model: Model<Device>, name: string, eraseCuts: (restarts: number) => number): void {
    try {
      let restarts = 0;
      const count = (): number => eraseCuts(restarts);
      while (interrupted(() => this.#note(this.#aftermath(model, count), name))) {
        restarts++;
        this.#flash.restart();
      }
    } catch (error) {
      this.#note([`threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`], name);
    }
  }

  #aftermath(model: Model<Device>, eraseCuts: () => number): string[] {
    const flash = this.#flash;
    const found: string[] = [];
    const device = this.subject.open(flash);
    found.push(...model.check(device, flash, eraseCuts()));
    // A second look at the same flash must show the same: cells may read differently, the device may not.
    found.push(...model.check(this.subject.open(flash), flash, eraseCuts()));
    for (let i = 0; i < this.subject.aftermathSteps; i++) model.aftermath(i, device);
    found.push(...model.check(this.subject.open(flash), flash, eraseCuts()));
    return found;
  }

  #silently(run: () => void): void {
    try {
      run();
    } catch {
      // Only the operations are wanted; what fails is judged with the second cut in place.
    }
  }

  #note(problems: string[], name: string): void {
    for (const problem of problems) {
      if (this.#violations.length < LISTED) {
        this.#violations.push(`${problem}\n  again: npm run powercut -- ${this.subject.name} ${name}`);
      } else this.#violations.push(problem);
    }
  }
}

/** Forms of a second cut: fewer, because there are many. */
function secondForms(operation: FlashOperation): TornForm[] {
  if (operation.kind === "erase") return [{ kind: "none" }, { kind: "cells", seed: 1 }, { kind: "cells", seed: 3 }];
  return [{ kind: "none" }, { kind: "bits", bytes: operation.count >> 1, seed: 1 }, { kind: "all" }];
}

function inErase(operations: FlashOperation[], index: number): boolean {
  return operations[index]!.kind === "erase" || operations[index - 1]?.kind === "erase";
}

/** True where the power went while it ran. */
function interrupted(run: () => void): boolean {
  try {
    run();
    return false;
  } catch (error) {
    if (error instanceof PowerCut) return true;
    throw error;
  }
}

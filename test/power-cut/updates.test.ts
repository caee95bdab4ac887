import { describe, expect, it } from "vitest";
import { explore } from "../../scripts/simulate/powercut/explore.js";
import { UpdateDevice, type UpdateCode } from "../../scripts/simulate/powercut/update-device.js";
import { updatesScenarios, updatesSubject } from "../../scripts/simulate/powercut/updates-subject.js";
import { type Fault, loadBroken } from "./broken-copy.js";

const SLOTS = "update/slots.ts";

const FAULTS: Fault[] = [
  {
    what: "an update is written over what is confirmed",
    file: SLOTS,
    swaps: [["slotFile(kind, 1 - record.confirmedSlot(kind)) : ", "slotFile(kind, record.confirmedSlot(kind)) : "]],
  },
  {
    what: "companions change one after the other",
    file: SLOTS,
    swaps: [["      if (other >= 0) setPhase(draft, other, Phase.TRIAL);\n", ""]],
  },
  {
    what: "the accepted sequence is what was staged last, not the greatest",
    file: SLOTS,
    swaps: [["      writeU32(draft, RecordAt.INSTALLATION, 0);\n", "      writeU32(draft, RecordAt.ACCEPTED, 5);\n"]],
  },
  {
    what: "a rollback confirms",
    file: SLOTS,
    swaps: [["= reason ? record.confirmedSlot(kind) : record.activeSlot(kind);", "= record.activeSlot(kind);"]],
  },
  {
    what: "a trial never ends",
    file: "update/trial.ts",
    swaps: [["else if (!this.slots.confirm()) this.isOpen = false;", "else this._save();"]],
  },
];

describe("updates under power cuts", () => {
  it.each(updatesScenarios())("$name: no cut, no second cut breaks a promise", (scenario) => {
    const result = explore(updatesSubject(scenario), { variety: 1, firstEvery: 5, secondEvery: 20 });
    expect(result.violations.slice(0, 3)).toEqual([]);
    expect(result.firstCuts).toBeGreaterThan(1000);
    expect(result.secondCuts).toBeGreaterThan(300);
  });

  it.each(FAULTS)("the harness notices that $what", async (fault) => {
    const modules = ["update/open-trial", "update/supervise", "update/slots", "update/trial"];
    const code = (await loadBroken(fault, modules)) as unknown as UpdateCode;
    const subject = updatesSubject(updatesScenarios()[0]!, (flash) => new UpdateDevice(flash, code));
    let found = Infinity;
    try {
      found = explore(subject, { variety: 1, firstEvery: 97, secondEvery: 0, stopAtFirst: true }).violations.length;
    } catch {
      // It could not even run the scenario.
    }
    expect(found).toBeGreaterThan(0);
  });
});

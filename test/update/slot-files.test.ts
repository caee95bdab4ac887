import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linuxField } from "../../boards/linux-field.js";
import { linux } from "../../boards/linux.js";
import { findCommand } from "../../scripts/engine/find-command.js";
import { inFolder, runCommand } from "../../scripts/engine/run-command.js";
import { SimulatedFiles } from "../../scripts/simulate/flash/simulated-files.js";
import { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { fillersFit, slotStoreContract, type SlotStep } from "../contract/slot-store.js";
import { deviceScript } from "../power-cut/device-script.js";

function perform(files: SimulatedFiles, step: SlotStep): string {
  try {
    if (step.ask === "slotBytes") return String(files.slotBytes(step.name));
    if (step.ask === "check") return String(files.check(step.name, step.bytes));
    if (step.ask === "writeSlot") files.writeSlot(step.name, step.at, Uint8Array.from(step.bytes));
    else files.clearSlot(step.name);
    return "ok";
  } catch (error) {
    return (error as Error).message;
  }
}

const SIZES = { pageBytes: 4096, pageCount: 16, writeUnitBytes: 4, rewritesPerWord: 255 };

slotStoreContract(
  "the simulated files",
  () => new SimulatedFlash(SIZES),
  (flash, steps) => Promise.resolve(steps.map((step) => perform(new SimulatedFiles(flash), step))),
);

it.each([512, 1024, 4096])("a filler puts a slot on a page boundary (pages of %d)", (pageBytes) => {
  expect(fillersFit(pageBytes)).toBe(true);
});

for (const [command, board] of [
  ["espruino", linux],
  ["espruino-field", linuxField],
] as const) {
  const path = findCommand(command);
  describe.skipIf(path === undefined)(`(needs ${command})`, () => {
    const { storage } = board;
    const start = storage.address - board.flashAddress;
    slotStoreContract(
      `the port on ${command}`,
      () => new SimulatedFlash({ ...SIZES, pageBytes: storage.pageBytes, pageCount: storage.pages }),
      async (flash, steps) => {
        const code = await deviceScript(`
import { EspruinoFiles } from "./platform/espruino/files.js";
const files = new EspruinoFiles(${JSON.stringify(storage)});
const steps: any[] = ${JSON.stringify(steps)};
for (let i = 0; i < steps.length; i++) {
  const step = steps[i];
  let said = "ok";
  try {
    if (step.ask === "slotBytes") said = "" + files.slotBytes(step.name);
    else if (step.ask === "check") said = "" + files.check(step.name, step.bytes);
    else if (step.ask === "clearSlot") files.clearSlot(step.name);
    else files.writeSlot(step.name, step.at, new Uint8Array(step.bytes));
  } catch (error) {
    said = (error as any).message;
  }
  print("\\n@" + said);
}
print("\\n@end");
`);
        return inFolder(async (folder) => {
          const chip = Buffer.alloc(board.flashBytes, 0xff);
          chip.set(flash.image, start);
          await writeFile(join(folder, "espruino.flash"), chip);
          await writeFile(join(folder, "script.js"), code);
          const said = await runCommand({ command: path!, args: ["script.js"], folder, holdInput: true });
          flash.image.set((await readFile(join(folder, "espruino.flash"))).subarray(start, start + flash.image.length));
          return said.filter((line) => line !== "@end").map((line) => line.slice(1));
        });
      },
    );
  });
}

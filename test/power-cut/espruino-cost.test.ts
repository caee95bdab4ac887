import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCommand } from "../../scripts/engine/find-command.js";
import { inFolder, runCommand } from "../../scripts/engine/run-command.js";
import { deviceScript, outboxSource, RAW_REGIONS } from "./device-script.js";

// Small whole numbers lie in the name of their variable on 14-byte JsVars; larger ones take a JsVar more. The log
// begins with numbers above that, so that none outgrows its name while the memory is compared.
const OLD_DEVICE = `
const normal = new FlashLog(pages, 2, flash.pageCount - 4, ErrorCode.OUTBOX_DAMAGED);
normal._erase();
normal._begin(Format.PAGE_HEAD_BYTES, 77, 1000000, 1000000);
settings.set(SettingKey.OUTBOX_NORMAL, new Uint8Array(
  new Uint32Array([1, Format.PAGE_HEAD_BYTES, 1000000, 1000000]).buffer));
`;

const MEASURE = `
import { ErrorCode } from "../lib/core/error-code.js";
import { FlashLog, Format } from "../lib/flash/flash-log.js";
import { SettingKey } from "../lib/settings/keys.js";
declare const process: { memory(): { usage: number; free: number; blocksize: number } };
const record = new Uint8Array(16);
for (let i = 0; i < 16; i++) record[i] = i * 37;
let appended = 100000;
let first = 0;
let worst = 0;
function run(count: number): number {
  const begun = getTime();
  for (let i = 0; i < count; i++) {
    record[0] = i;
    const at = getTime();
    const sequence = outbox.append(i % 16 === 0 ? Priority.ALARM : Priority.NORMAL, record, 16);
    if (first === 0) first = sequence - appended;
    if (sequence !== first + appended++) print("@wrong " + sequence);
    const took = getTime() - at;
    if (took > worst) worst = took;
  }
  return ((getTime() - begun) * 1000) / count;
}
function deliver(): number {
  let last = 0;
  let seen = 0;
  const visit = function (sequence: number): boolean { last = sequence; return ++seen < 10; };
  const begun = getTime();
  outbox.read(Priority.NORMAL, 0, visit);
  outbox.acknowledge(Priority.NORMAL, last);
  return (getTime() - begun) * 1000;
}
let before = 0;
let after = 0;
let mean = 0;
let delivery = 0;
let opening = 0;
// A variable comes to life when it is first written, and a larger number takes a JsVar more than a small one: measure
// only after everything has run for a while, eviction included.
mean = run(3000); deliver(); worst = 0.5;
before = after = process.memory().usage;
worst = mean / 1000;
before = process.memory().usage;
mean = run(10000);
after = process.memory().usage;
delivery = deliver();
const begun = getTime();
const restarted = new FlashPages(flash);
const again = new FlashOutbox(restarted, new FlashSettings(restarted), {
  freshIncarnation: 1, normalPolicy: OverflowPolicy.DROP_OLDEST, alarmPolicy: OverflowPolicy.DROP_OLDEST,
});
opening = (getTime() - begun) * 1000;
print("@" + [mean, worst * 1000, after - before, delivery, opening, again.waiting(Priority.NORMAL) - outbox.waiting(Priority.NORMAL), before].join(" "));
print("@end");
`;

/** Runs 10,000 appends on an engine and returns its figures. */
async function measure(command: string): Promise<number[]> {
  const code = await deviceScript(outboxSource(RAW_REGIONS[command]!, OLD_DEVICE) + MEASURE);
  const lines = await inFolder(async (folder) => {
    await writeFile(join(folder, "script.js"), code);
    return runCommand({ command: findCommand(command)!, args: ["script.js"], folder, holdInput: true });
  });
  return lines[0]!.slice(1).split(" ").map(Number);
}

for (const command of Object.keys(RAW_REGIONS)) {
  describe.skipIf(findCommand(command) === undefined)(`the flash outbox on ${command} (needs its command)`, () => {
    it("appends in at most 5 ms and keeps no memory over 10,000 records", async () => {
      const [mean, worst, kept, delivery, opening, difference, used] = await measure(command);
      console.log(
        `${command}: append ${mean!.toFixed(2)} ms (worst ${worst!.toFixed(2)}), ${kept} JsVars kept of ${used} in use, ` +
          `batch of 10 read and acknowledged in ${delivery!.toFixed(1)} ms, opened in ${opening!.toFixed(1)} ms`,
      );
      expect(mean).toBeLessThanOrEqual(5);
      expect(kept).toBeLessThanOrEqual(0);
      expect(difference).toBe(0);
    });
  });
}

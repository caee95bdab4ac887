import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCommand } from "../../scripts/engine/find-command.js";
import { inFolder, runCommand } from "../../scripts/engine/run-command.js";
import { deviceScript, RAW_REGIONS } from "../power-cut/device-script.js";

function source(command: string): string {
  const { address, pageBytes } = RAW_REGIONS[command]!;
  return `
import { FlashPages } from "../lib/flash/flash-pages.js";
import { FlashSettings } from "../lib/settings/flash-settings.js";
import { SettingKey } from "../lib/settings/keys.js";
import { EspruinoFlash } from "./platform/espruino/flash.js";
require("Storage").write("keep", new Uint8Array(4));
const flash = new EspruinoFlash({ address: ${address}, pageBytes: ${pageBytes}, pages: 2 });
const settings = new FlashSettings(new FlashPages(flash));
const boots = settings.getNumber(SettingKey.BOOTS, 0) + 1;
settings.setNumber(SettingKey.BOOTS, boots);
for (let i = 0; i < 150; i++) settings.setNumber(SettingKey.EPOCH, boots * 1000 + i);
if (boots === 1) settings.set(SettingKey.SLEEP_STATE, new Uint8Array([1, 2, 3, 255, 0]));
const value = settings.get(SettingKey.SLEEP_STATE);
print("\\n@" + [settings.formatted, boots, settings.getNumber(SettingKey.EPOCH, 0), value.length, value[3]].join(" "));
print("\\n@end");
`;
}

for (const command of Object.keys(RAW_REGIONS)) {
  const path = findCommand(command);
  describe.skipIf(path === undefined)(`the settings on ${command} (needs its command)`, () => {
    it("last from process to process", async () => {
      const code = await deviceScript(source(command));
      await inFolder(async (folder) => {
        await writeFile(join(folder, "script.js"), code);
        for (let boots = 1; boots <= 4; boots++) {
          const lines = await runCommand({ command: path!, args: ["script.js"], folder, holdInput: true });
          expect(lines[0]).toBe(`@${boots === 1} ${boots} ${boots * 1000 + 149} 5 255`);
        }
      });
    });
  });
}

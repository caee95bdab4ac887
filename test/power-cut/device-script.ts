import { join } from "node:path";
import { DeviceProgram } from "../../scripts/bundle/device-program.js";
import { link } from "../../scripts/bundle/link.js";
import { minify } from "../../scripts/bundle/minify.js";
import { packageRoot } from "../../scripts/bundle/package-root.js";
import { standIns } from "../../scripts/bundle/stand-ins.js";

/** Where Espruino builds keep a region that a test may use as its own. */
export interface RawRegion {
  readonly address: number;
  readonly pageBytes: number;
  readonly pages: number;
}

/** `espruino`: the end of its Storage, which the tests leave empty. `espruino-field`: the framework's own pages. */
export const RAW_REGIONS: Readonly<Record<string, RawRegion>> = {
  espruino: { address: 0x10000000 + 240 * 1024, pageBytes: 1024, pages: 16 },
  "espruino-field": { address: 0x10310000, pageBytes: 4096, pages: 16 },
};

/** Bundles a TypeScript text as firmware is bundled. It lies, as far as its imports know, in firmware/. */
export async function deviceScript(source: string): Promise<string> {
  const entry = join(packageRoot, "firmware", "test-script.ts");
  const port = join(packageRoot, "firmware", "platform", "espruino");
  const program = new DeviceProgram(entry, standIns(port), new Map([[entry, source]]), [join(port, "globals.d.ts")]);
  return (await minify(await link(program, entry))).code;
}

/** The head of such a text: settings and an `outbox` over the region of an engine, opened after `before` has run. */
export function outboxSource(region: RawRegion, before = ""): string {
  return `
import { FlashPages } from "../lib/flash/flash-pages.js";
import { FlashOutbox } from "../lib/outbox/flash-outbox.js";
import { OverflowPolicy, Priority } from "../lib/outbox/outbox.js";
import { FlashSettings } from "../lib/settings/flash-settings.js";
import { EspruinoFlash } from "./platform/espruino/flash.js";
// Without a file in it, Espruino takes a Storage that is not blank for a broken one, and erases all of it at boot.
require("Storage").write("keep", new Uint8Array(4));
const flash = new EspruinoFlash(${JSON.stringify(region)});
const pages = new FlashPages(flash);
const settings = new FlashSettings(pages);
${before}
const outbox = new FlashOutbox(pages, settings, {
  freshIncarnation: 77, normalPolicy: OverflowPolicy.DROP_OLDEST, alarmPolicy: OverflowPolicy.DROP_OLDEST,
});
`;
}

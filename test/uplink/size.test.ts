import { join } from "node:path";
import { expect, it } from "vitest";
import { DeviceProgram } from "../../scripts/bundle/device-program.js";
import { foreignNames } from "../../scripts/bundle/foreign-names.js";
import { link } from "../../scripts/bundle/link.js";
import { minify } from "../../scripts/bundle/minify.js";
import { moduleSizes, packageModule } from "../../scripts/bundle/module-sizes.js";
import { packageRoot } from "../../scripts/bundle/package-root.js";
import { standIns } from "../../scripts/bundle/stand-ins.js";

/** For lib/mqtt, lib/outbox with lib/flash, lib/settings and lib/uplink together. */
const BUDGET_BYTES = 14_336;
const PARTS = ["lib/mqtt", "lib/flash", "lib/outbox", "lib/settings", "lib/uplink"];

// What an application calls of them, so that nothing of it is left out; what it gives them does not matter here.
const ENTRY = `
import { FlashPages } from "../lib/flash/flash-pages.js";
import type { FlashRegion } from "../lib/hal/flash-region.js";
import { MqttClient } from "../lib/mqtt/client.js";
import type { MqttListener, MqttOptions } from "../lib/mqtt/options.js";
import { FlashOutbox, type FlashOutboxOptions } from "../lib/outbox/flash-outbox.js";
import { Priority } from "../lib/outbox/outbox.js";
import { FlashSettings } from "../lib/settings/flash-settings.js";
import { SettingKey } from "../lib/settings/keys.js";
import type { ModelResult } from "../lib/uplink/model-result.js";
import { ReportPolicy, type ReportRule } from "../lib/uplink/report-policy.js";
import { offlineStatus } from "../lib/uplink/status-message.js";
import { STATUS, topicPath } from "../lib/uplink/topics.js";
import { Uplink, type UplinkOptions } from "../lib/uplink/uplink.js";
import { platform } from "./platform/espruino/platform.js";
declare const given: {
  flash: FlashRegion; outbox: FlashOutboxOptions; mqtt: MqttOptions; listener: MqttListener;
  uplink: UplinkOptions; result: ModelResult; rule: ReportRule; take(what: unknown): void;
};
const pages = new FlashPages(given.flash);
const settings = new FlashSettings(pages);
settings.setNumber(SettingKey.BOOTS, settings.getNumber(SettingKey.BOOTS, 0) + 1);
settings.set(SettingKey.CREDENTIALS, settings.get(SettingKey.LAST_CRASH));
const outbox = new FlashOutbox(pages, settings, given.outbox);
const mqtt = new MqttClient(platform.transport, platform.clock, given.mqtt, given.listener);
const uplink = new Uplink(given.uplink, outbox, mqtt, platform);
const policy = new ReportPolicy(given.rule);
const value = given.result.value();
if (policy.due(value, 0)) {
  uplink.report(0, given.result, policy.above(value) ? Priority.ALARM : Priority.NORMAL);
  policy.reported(value, 0);
}
uplink.onConnected();
uplink.onPublished(1);
uplink.noteError(outbox.takeError());
mqtt.start();
mqtt.stop();
given.take([settings.formatted, outbox.formatted, outbox.volatile, outbox.incarnation, mqtt.bytesSent]);
given.take([topicPath("dev1", STATUS), offlineStatus()]);
`;

it("fits: MQTT, outbox, settings and uplink in the bundle of an application", async () => {
  const port = join(packageRoot, "firmware", "platform", "espruino");
  const entry = join(packageRoot, "firmware", "size-entry.ts");
  const program = new DeviceProgram(entry, standIns(port), new Map([[entry, ENTRY]]), [join(port, "globals.d.ts")]);
  const script = await minify(await link(program, entry), foreignNames(program.program));
  const sizes = moduleSizes(script, packageModule).filter(({ module }) => PARTS.includes(module));
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  const parts = sizes.map(({ module, bytes }) => `${module} ${bytes}`).join(", ");
  console.log(`${parts}: ${total} of ${BUDGET_BYTES} bytes`);
  expect(sizes.map(({ module }) => module).sort()).toEqual([...PARTS].sort());
  expect(total, parts).toBeLessThanOrEqual(BUDGET_BYTES);
});

import { describe, expect, it } from "vitest";
import { ConnectionSchedule } from "../../lib/app/connection-schedule.js";
import { startKeeper } from "../../lib/app/slot-keeper.js";
import { startAgent } from "../../lib/app/update-agent.js";
import { Updates } from "../../lib/app/updates.js";
import type { AppDefinition } from "../../lib/app/define-app.js";
import type { Provisioning } from "../../lib/app/provisioning.js";
import type { Platform } from "../../lib/hal/platform.js";
import { MqttClient } from "../../lib/mqtt/client.js";
import { PackFormat, PackHeader } from "../../lib/nn/pack-format.js";
import type { LentHost } from "../../lib/update/agent-link.js";
import { SettingKey } from "../../lib/settings/keys.js";
import { signatureProof } from "../../lib/update/signature-proof.js";
import { KEEPER_FILE, Told, type LentDevice } from "../../lib/update/keeper-link.js";
import { UpdateKind } from "../../lib/update/manifest.js";
import { ProvisioningTrial } from "../../lib/update/provisioning-trial.js";
import { slotFacts } from "../../lib/update/slot-facts.js";
import { Slots } from "../../lib/update/slots.js";
import { Trial } from "../../lib/update/trial.js";
import type { Uplink } from "../../lib/uplink/uplink.js";
import { DeviceState, stateStatus } from "../../lib/uplink/status-message.js";
import { STATUS, topicPath } from "../../lib/uplink/topics.js";
import { describeImage, packPieces } from "../../scripts/ota/image.js";
import { nodeDigest } from "../../scripts/ota/node-digest.js";
import { SeededRandom } from "../../scripts/readings/seeded-random.js";
import { Scheduler } from "../../scripts/simulate/clock/scheduler.js";
import { ScheduledClock } from "../../scripts/simulate/soak/scheduled-clock.js";
import { BlockSource } from "../../scripts/simulate/update/block-source.js";
import { storesIn } from "../../scripts/simulate/update/fetching-device.js";
import { installedFlash } from "../../scripts/simulate/update/installed-flash.js";
import { modelUpdate, publicKey, signUpdate } from "./signed-update.js";
import { SmallBroker } from "./small-broker.js";
import { ThinLink } from "./thin-link.js";

const DEVICE = "tree7";
const EVERY_MS = 600_000;
const UP_MS = 10_000;
const KEEP_MS = 1_000;
// Counted are the bytes of all MQTT packets of the connections that the update needs, lost ones included: CONNECT,
// SUBSCRIBE, the offer, requests, blocks, states and what acknowledges them. `status` and results are not there: a device
// sends them anyway. What is below MQTT is not counted.

/** When the power goes; it comes back with the next window. */
interface PowerCut {
  readonly window: number;
  readonly afterMs: number;
}

/** 20 KB that do not compress, as weights hardly do. */
const random = new SeededRandom(7);
const model = Uint8Array.from({ length: 20_480 }, () => random.below(256));
/** As much of the model in use as an agent looks at. */
const header = new Int32Array(PackFormat.FIXED_HEADER_BYTES / 4);
header[PackHeader.MAGIC / 4] = PackFormat.MAGIC;
header[PackHeader.INPUT_BYTES / 4] = 4;
header[PackHeader.OUTPUT_BYTES / 4] = 1;
const operators = [
  { code: 1, prepare: () => undefined },
  { code: 4, prepare: () => undefined },
];

describe("20 KB over 100 bytes/s that are there for 10 s in every 600 s", () => {
  it("arrive without a power cut", () => arrive([]));
  for (const seed of [1, 2, 3])
    it(`arrive with two power cuts, seed ${seed}`, () => {
      const drawn = new SeededRandom(seed);
      const cut = (window: number): PowerCut => ({ window, afterMs: drawn.below(UP_MS) });
      arrive([cut(drawn.below(15)), cut(15 + drawn.below(15))]);
    });
});

function arrive(cuts: readonly PowerCut[]): void {
  const envelope = signUpdate(900, { ...modelUpdate, image: describeImage(model, "heatshrink") });
  const source = new BlockSource();
  const scheduler = new Scheduler();
  const flash = installedFlash({
    keys: [publicKey, new Uint8Array(0)],
    application: Buffer.from("application"),
    model: new Uint8Array(header.buffer),
    slotBytes: 24_576,
  });
  const path = (name: string): string => `sertao/v1/${DEVICE}/${name}`;
  let askedAgain = 0;
  const broker = new SmallBroker((topic, payload) => {
    if (topic !== path("update/request")) return [];
    const blocks = source.answer(payload);
    const { part, first } = source.requests.at(-1)!;
    const done = storesIn(flash).settings.get(SettingKey.UPDATE_PROGRESS)[12 + part] ?? 0;
    if (Math.floor(first / 1024) < done) askedAgain++;
    return blocks.map((block) => [path("update/block"), block]);
  });
  broker.retained.set(path("update/offer"), source.publish({ envelope, image: model }));
  const link = new ThinLink({
    scheduler,
    bytesPerSec: 100,
    upMs: UP_MS,
    everyMs: EVERY_MS,
    frameBytes: 10,
    attach: (send) => broker.attach(send),
  });

  let boots = 0;
  let isStaged = false;
  let powerOff = (): void => undefined;
  const powerOn = (): void => {
    let isOn = true;
    const enter = (run: () => void): void => (isOn ? run() : undefined);
    const clock = new ScheduledClock(scheduler, enter);
    const { settings, files } = storesIn(flash);
    settings.setNumber(SettingKey.BOOTS, ++boots);
    const slots = new Slots(settings, files);
    slots.install();
    const platform: Platform = {
      clock,
      files,
      power: { restart: () => (isStaged = true) },
      freeMemory: () => 60_000,
      log: () => undefined,
      handedOn: () => slotFacts(new Trial(slots, settings), new ProvisioningTrial(false, settings, files), ""),
      evaluate: (file: string) =>
        file === KEEPER_FILE
          ? (lent: LentDevice) => startKeeper(platform, lent)
          : (lent: LentHost) => startAgent(files, clock, signatureProof(nodeDigest), lent),
    } as unknown as Platform;
    const mqtt = new MqttClient(link.transport(enter), clock, OPTIONS, {
      onConnected: () => updates.tell(Told.CONNECTED, 0),
      onClosed: () => updates.closed(0, true),
      onPublished: (token) => updates.tell(Told.PUBLISHED, token, 0),
      onSubscribeRefused: () => undefined,
    });
    const app = { name: "orchard-frost", board: "esp32", runtime: "0.1.0", operators } as unknown as AppDefinition;
    const provisioning = { device: DEVICE, updateSequence: 0 } as Provisioning;
    const updates = new Updates(platform, app, provisioning, settings);
    updates.begin();
    const rule = { everyMs: EVERY_MS, windowMs: UP_MS, alarmEveryMs: EVERY_MS };
    const schedule = new ConnectionSchedule(
      clock,
      rule,
      mqtt,
      undefined,
      () => mqtt.connected() && updates.tell(Told.BUSY) !== true,
      () => false,
    );
    updates.listen(mqtt, { noteError: () => undefined } as unknown as Uplink, schedule);
    schedule.start();
    powerOff = () => {
      isOn = false;
      clock.stop();
    };
  };
  // The schedule opens with the link, and a moment later.
  scheduler.at(KEEP_MS / 10, powerOn);
  for (const { window, afterMs } of cuts) {
    scheduler.at(window * EVERY_MS + afterMs, () => powerOff());
    scheduler.at((window + 1) * EVERY_MS + KEEP_MS / 10, powerOn);
  }
  while (!isStaged && scheduler.step(200 * EVERY_MS));

  expect(isStaged).toBe(true);
  const { settings, files } = storesIn(flash);
  const slots = new Slots(settings, files);
  expect(slots.activeFile(UpdateKind.MODEL)).toBe("model.b");
  expect(Buffer.from(files.read("model.b")!, 0, model.length).equals(Buffer.from(model))).toBe(true);
  const all = link.bytesUp + link.bytesDown;
  const windows = link.connections;
  const travelling = packPieces(model, "heatshrink").reduce((sum, piece) => sum + piece.length, 0);
  process.stdout.write(
    `thin link: ${model.length} bytes of image that travel as ${travelling}, ${envelope.length} of envelope; ${link.bytesDown} down, ${link.bytesUp} up, ` +
      `${(all / model.length).toFixed(2)} times the image; ${windows} windows, ${source.requests.length} requests, ` +
      `${cuts.length} power cuts\n`,
  );
  expect(all).toBeLessThanOrEqual(1.6 * model.length);
  // Nothing that was verified was asked for again.
  expect(askedAgain).toBe(0);
  // Going back costs less than a block, and only the power makes it.
  const back = source.requests.filter((one, i) => {
    const before = source.requests[i - 1];
    return before?.part === one.part && one.first < before.first;
  });
  expect(back.length).toBeLessThanOrEqual(cuts.length);
  for (const one of back)
    expect(source.requests[source.requests.indexOf(one) - 1]!.first - one.first).toBeLessThan(1024);
}

const OPTIONS = {
  host: "broker",
  port: 1883,
  clientId: DEVICE,
  username: DEVICE,
  password: "123456789012345678901234",
  will: { topic: topicPath(DEVICE, STATUS.name), payload: stateStatus(DeviceState.OFFLINE) },
  keepAliveSec: 900,
  maxInFlight: 3,
  maxPacketBytes: 1088,
  maxReceiveBytes: 256,
  timeoutMs: 30_000,
  retry: { minMs: 5_000, maxMs: 600_000 },
  jitterSeed: 1,
};

import { beforeEach, describe, expect, it } from "vitest";
import { startKeeper } from "../../lib/app/slot-keeper.js";
import { PROVISIONING_FILE } from "../../lib/app/provisioning.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import type { Platform } from "../../lib/hal/platform.js";
import { Lent, type AgentHooks, type LentHost } from "../../lib/update/agent-link.js";
import { KEEPER_LINK_VERSION, Told, type LentDevice, type TellKeeper } from "../../lib/update/keeper-link.js";
import { UpdateKind } from "../../lib/update/manifest.js";
import { PREVIOUS_PROVISIONING_FILE, PROVISIONING_LIMIT } from "../../lib/update/provisioning-trial.js";
import { rememberRefused } from "../../lib/update/refused-updates.js";
import { Slots } from "../../lib/update/slots.js";
import { UpdateState } from "../../lib/update/update-state.js";
import { decodeCbor } from "../../scripts/fleet/messages/decode-cbor.js";
import type { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { offerOf } from "../../scripts/simulate/update/block-source.js";
import { storesIn } from "../../scripts/simulate/update/fetching-device.js";
import { installedFlash } from "../../scripts/simulate/update/installed-flash.js";
import { deviceManifest } from "../update/device-manifest.js";
import { VirtualClock } from "../support/virtual-clock.js";

const NONE = new Uint8Array(0);
const PLAIN_BYTES = 182;

/** An agent that does nothing by itself. */
class FakeAgent {
  readonly calls: string[] = [];
  constructor(readonly lent: LentHost) {}
  readonly hooks: AgentHooks = [
    (_bytes, start, end) => this.calls.push(`heard ${end - start}`),
    () => this.calls.push("connected"),
    () => this.calls.push("stop"),
    () => this.calls.push("closed"),
  ];
}

let flash: SimulatedFlash;

/** A keeper in one boot of a device, and what it asks of the application. */
class Scene {
  readonly clock = new VirtualClock();
  readonly agents: FakeAgent[] = [];
  /** Name and payload of what was published. */
  readonly published: [string, unknown][] = [];
  readonly errors: number[] = [];
  restarts = 0;
  closedWith: number | undefined;
  receives = PLAIN_BYTES;
  onPart: ((bytes: Uint8Array, start: number, end: number) => void) | undefined;
  isOffline = false;
  /** What publishing answers, where it is not a token. */
  refusal = 0;
  readonly slots: Slots;
  readonly tell: TellKeeper | undefined;
  #token = 0;

  constructor(version = KEEPER_LINK_VERSION) {
    const { settings, files } = storesIn(flash);
    const before = new Slots(settings, files);
    before.install();
    this.slots = before;
    const platform = {
      clock: this.clock,
      files,
      power: { restart: () => this.restarts++ },
      freeMemory: () => 60_000,
      log: () => undefined,
      evaluate: () => (lent: LentHost) => {
        this.agents.push(new FakeAgent(lent));
        return this.agents.at(-1)!.hooks;
      },
    } as unknown as Platform;
    const lent: LentDevice = [
      version,
      (key) => settings.get(key),
      (key, value) => settings.set(key, value),
      (topic, message, qos) => {
        if (this.refusal) return -this.refusal;
        this.published.push([topic.replace("sertao/v1/d1/update/", ""), decodeCbor(message)]);
        return qos && ++this.#token;
      },
      (bytes, onPart) => {
        this.receives = bytes;
        this.onPart = onPart;
      },
      (code) => this.errors.push(code),
      () => this.isOffline,
      (accepted) => (this.closedWith = accepted),
      ...(["orchard-frost", "esp32", "d1", "0.1.0", [1], 0] as const),
      before.onTrial(),
    ];
    this.tell = startKeeper(platform, lent);
  }

  offer(sequence: number, kind = UpdateKind.MODEL): void {
    const bytes = offerOf(kind, sequence, Uint8Array.of(sequence));
    this.tell!(Told.OFFER, bytes, 0, bytes.length);
  }

  /** The broker has everything that was published. */
  acknowledge(): void {
    for (let seen = 0; seen < this.#token;) this.tell!(Told.PUBLISHED, ++seen, 0);
  }

  states(): unknown[] {
    return this.published.filter(([name]) => name === "state").map(([, items]) => (items as number[]).slice(1, 4));
  }
}

/** Puts an update into its slot; the next boot tries it. */
function stage(sequence: number, kind = UpdateKind.MODEL): void {
  const { slots } = new Scene();
  const { files } = storesIn(flash);
  const image = Buffer.from(`image ${sequence}`);
  files.clearSlot(slots.spareFile(kind));
  files.writeSlot(slots.spareFile(kind), 0, image);
  expect(slots.stage(deviceManifest(kind, sequence, image.length))).toBe(ErrorCode.OK);
}

beforeEach(() => {
  flash = installedFlash({
    keys: [],
    application: Buffer.from("application"),
    model: Buffer.from("model"),
    slotBytes: 4096,
  });
});

describe("the keeper of the slots", () => {
  it("is not there for an application of another version of the link", () => {
    expect(new Scene(KEEPER_LINK_VERSION + 1).tell).toBeUndefined();
  });

  it("tells of a trial, of its end until the broker has it, and goes", () => {
    stage(7);
    const scene = new Scene();
    scene.tell!(Told.CONNECTED, 0);
    expect(scene.states()).toEqual([[7, UpdateState.TRIAL, 0]]);
    scene.tell!(Told.INFERRED, 5, 0);
    expect(scene.closedWith).toBeUndefined();
    scene.acknowledge();
    expect(scene.states().at(-1)).toEqual([7, UpdateState.CONFIRMED, 0]);
    scene.acknowledge();
    expect([scene.closedWith, scene.restarts]).toEqual([7, 0]);
    expect(new Scene().slots.activeSequence(UpdateKind.MODEL)).toBe(7);
  });

  it("tells what was decided without a connection when there is one again", () => {
    stage(7);
    const scene = new Scene();
    scene.tell!(Told.CONNECTED, 0);
    scene.acknowledge();
    scene.tell!(Told.CLOSED, 0, true);
    scene.tell!(Told.INFERRED, 5, 0);
    expect(scene.states()).toHaveLength(1);
    scene.tell!(Told.CONNECTED, 0);
    expect(scene.states().at(-1)).toEqual([7, UpdateState.CONFIRMED, 0]);
  });

  it("restarts with the confirmed image where the application cannot start, and tells why in the next boot", () => {
    stage(7, UpdateKind.APPLICATION);
    const scene = new Scene();
    expect(scene.tell!(Told.FAILED, ErrorCode.UPDATE_SLOW)).toBe(true);
    const next = new Scene();
    expect(next.slots.activeSequence(UpdateKind.APPLICATION)).toBe(0);
    next.tell!(Told.CONNECTED, 0);
    expect(next.states()).toEqual([[7, UpdateState.ROLLED_BACK, ErrorCode.UPDATE_SLOW]]);
    // Not yet acknowledged, and the power goes: it is told again.
    const last = new Scene();
    last.tell!(Told.CONNECTED, 0);
    last.acknowledge();
    expect([last.states(), last.closedWith]).toEqual([[[7, UpdateState.ROLLED_BACK, ErrorCode.UPDATE_SLOW]], 7]);
  });

  it("takes nothing back where nothing is on trial", () => {
    const scene = new Scene();
    expect(scene.tell!(Told.FAILED, ErrorCode.UPDATE_SLOW)).toBe(false);
    expect(scene.restarts).toBe(0);
  });

  it("takes a configuration back with which nothing connects, without a network too", () => {
    stage(7, UpdateKind.CONFIG);
    const scene = new Scene();
    scene.isOffline = true;
    scene.clock.advance(600_000);
    expect(scene.restarts).toBe(1);
    const next = new Scene();
    next.tell!(Told.CONNECTED, 0);
    expect(next.states()).toEqual([[7, UpdateState.ROLLED_BACK, ErrorCode.UPDATE_OFFLINE]]);
  });

  it("restarts for the other provisioning where a new one has failed to connect for long, and drops the old one if not", () => {
    const { files } = storesIn(flash);
    files.write(PREVIOUS_PROVISIONING_FILE, Buffer.from("old"));
    const scene = new Scene();
    for (let i = 0; i < PROVISIONING_LIMIT; i++) {
      expect(scene.restarts).toBe(0);
      scene.tell!(Told.CLOSED, 0, true);
    }
    expect(scene.restarts).toBe(1);
    const next = new Scene();
    next.tell!(Told.CONNECTED, 0);
    expect([next.errors, next.closedWith]).toEqual([[ErrorCode.PROVISIONING_FAILED], 0]);
    files.write(PROVISIONING_FILE, Buffer.from("newest"));
    const last = new Scene();
    last.tell!(Told.CONNECTED, 0);
    expect([last.errors, storesIn(flash).files.read(PREVIOUS_PROVISIONING_FILE)]).toEqual([[], undefined]);
  });

  it("never takes a model back for want of a connection", () => {
    stage(7);
    const scene = new Scene();
    scene.isOffline = true;
    scene.clock.advance(86_400_000);
    for (let i = 0; i < 100; i++) scene.tell!(Told.CLOSED, 5, true);
    expect([scene.restarts, scene.slots.onTrial()]).toEqual([0, true]);
  });
});

describe("an offer", () => {
  it("that is wanted opens one agent, which hears what comes", () => {
    const scene = new Scene();
    scene.offer(7);
    scene.offer(7);
    expect([scene.agents.length, scene.tell!(Told.BUSY)]).toEqual([1, true]);
    expect(scene.receives).toBeGreaterThan(2048);
    scene.tell!(Told.CONNECTED, 0);
    scene.tell!(Told.BLOCK, NONE, 3, 9);
    scene.onPart!(NONE, 0, 4);
    scene.tell!(Told.CLOSED, 0, true);
    expect(scene.agents[0]!.calls).toEqual(["connected", "heard 6", "heard 4", "closed"]);
    expect(scene.closedWith).toBeUndefined();
  });

  it("of another update stops the agent, and an empty one too", () => {
    const scene = new Scene();
    scene.offer(7);
    scene.offer(8);
    expect(scene.agents.map(({ calls }) => calls)).toEqual([["stop"], []]);
    scene.tell!(Told.OFFER, NONE, 0, 0);
    expect(scene.agents[1]!.calls).toEqual(["stop"]);
    expect([scene.receives, scene.onPart, scene.closedWith, scene.errors]).toEqual([PLAIN_BYTES, undefined, 0, []]);
  });

  it("that is none is reported, and one that was refused is passed over", () => {
    const scene = new Scene();
    scene.tell!(Told.OFFER, Uint8Array.of(0x83, 1, 2), 0, 3);
    expect(scene.errors).toEqual([ErrorCode.MESSAGE_INVALID]);
    scene.offer(7);
    rememberRefused(scene.agents[0]!.lent, true);
    scene.agents[0]!.lent[Lent.CLOSE](false);
    expect(scene.closedWith).toBe(0);
    scene.offer(7);
    expect(scene.agents).toHaveLength(1);
  });

  it("whose request finds no room asks again when there is some", () => {
    const scene = new Scene();
    scene.offer(7);
    const { lent } = scene.agents[0]!;
    scene.refusal = ErrorCode.MQTT_WINDOW_FULL;
    expect(lent[Lent.REQUEST]([1, 2, 3])).toBe(-ErrorCode.MQTT_WINDOW_FULL);
    scene.refusal = 0;
    scene.tell!(Told.PUBLISHED, 99, 0);
    scene.tell!(Told.PUBLISHED, 99, 0);
    expect(scene.published).toEqual([["request", [1, 2, 3]]]);
  });

  it("tells that an update is being fetched now or never, and all else until the broker has it", () => {
    const scene = new Scene();
    scene.offer(7);
    const { lent } = scene.agents[0]!;
    lent[Lent.REPORT](7, UpdateState.FETCHING, ErrorCode.OK, 0, 9);
    lent[Lent.REPORT](7, UpdateState.STAGED, ErrorCode.OK, 9, 9);
    expect(scene.states()).toEqual([
      [7, UpdateState.FETCHING, 0],
      [7, UpdateState.STAGED, 0],
    ]);
    const next = new Scene();
    next.tell!(Told.CONNECTED, 0);
    expect(next.states()).toEqual([[7, UpdateState.STAGED, 0]]);
  });

  it("that is staged restarts the device, with time for its last word", () => {
    const scene = new Scene();
    scene.offer(7);
    const { lent, calls } = scene.agents[0]!;
    lent[Lent.CLOSE](true);
    expect([calls, scene.restarts, scene.closedWith]).toEqual([["stop"], 0, undefined]);
    scene.clock.advance(60_000);
    expect(scene.restarts).toBe(1);
  });

  it("lends the agent the model in use, zeros where its file is none", () => {
    const scene = new Scene();
    scene.offer(7);
    const { lent } = scene.agents[0]!;
    expect(lent[Lent.MODEL]).toEqual([0, NONE, 0, 0]);
    expect(lent[Lent.SPARE_FILE](UpdateKind.MODEL)).toBe("model.b");
  });
});

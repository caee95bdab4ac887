import { beforeEach, describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { macProof } from "../../lib/update/mac-proof.js";
import { UpdateKind } from "../../lib/update/manifest.js";
import { SettingKey } from "../../lib/settings/keys.js";
import { PART_FILE } from "../../lib/update/agent.js";
import { UpdateState } from "../../lib/update/update-state.js";
import { macEnvelope } from "../../scripts/ota/envelope.js";
import { describeImage } from "../../scripts/ota/image.js";
import { encodeManifest } from "../../scripts/ota/manifest.js";
import { hssPublicKey } from "../../scripts/ota/lms/hss.js";
import type { UpdateManifest } from "../../scripts/ota/update-manifest.js";
import type { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { encodeUpdateBlock } from "../../scripts/fleet/messages/update-block.js";
import { BlockSource, offerOf } from "../../scripts/simulate/update/block-source.js";
import { FetchingDevice, ORCHARD_TRAITS, type FetchingTraits } from "../../scripts/simulate/update/fetching-device.js";
import { installedFlash } from "../../scripts/simulate/update/installed-flash.js";
import { image, modelUpdate, publicKey, signUpdate } from "./signed-update.js";

const { FETCHING, STAGED, CONFIRMED, REFUSED } = {
  FETCHING: UpdateState.FETCHING,
  STAGED: UpdateState.STAGED,
  CONFIRMED: UpdateState.CONFIRMED,
  REFUSED: UpdateState.REFUSED,
};
const SEQUENCE = modelUpdate.sequence;
const BYTES = image.length;
const otherKey = hssPublicKey(Buffer.concat([publicKey.subarray(4, 12), Buffer.alloc(48, 1)]));
const deviceKey = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
const installation = {
  keys: [otherKey, publicKey],
  application: Buffer.from("application"),
  model: Buffer.from("model"),
  slotBytes: 24576,
};
const good = signUpdate(1, modelUpdate);

let leaf = 2;
const signed = (changes: Partial<UpdateManifest>): Uint8Array => signUpdate(leaf++, { ...modelUpdate, ...changes });

let flash: SimulatedFlash;
let source: BlockSource;

beforeEach(() => {
  flash = installedFlash(installation);
  source = new BlockSource();
});

const boot = (traits: Partial<FetchingTraits> = {}): FetchingDevice =>
  new FetchingDevice(flash, { ...ORCHARD_TRAITS, ...traits });
const answer = (request: Uint8Array): Uint8Array[] => source.answer(request);
const ended = (device: FetchingDevice): unknown => device.states.at(-1)!.slice(1, 3);

/** Offers an update and lets it be fetched. */
function fetched(envelope: Uint8Array, device = boot(), bytes: Uint8Array = image): FetchingDevice {
  expect(device.offer(source.publish({ envelope, image: bytes }))).toBe(true);
  device.run(answer);
  return device;
}

/** What is active is what came over the cable. */
function expectUntouched(): void {
  const { slots, files } = boot();
  expect([slots.activeFile(UpdateKind.MODEL), slots.activeFile(UpdateKind.APPLICATION)]).toEqual(["model.a", "app.a"]);
  expect(Buffer.from(files.read("model.a")!, 0, 5).toString()).toBe("model");
  expect(slots.accepted()).toBe(0);
}

describe("an update", () => {
  it("is fetched, verified and staged", () => {
    const device = fetched(good);
    expect(device.states).toEqual([
      [SEQUENCE, FETCHING, 0, 0, BYTES],
      [SEQUENCE, STAGED, 0, BYTES, BYTES],
    ]);
    expect(device.closed).toBe("restart");
    const next = boot();
    expect(next.slots.activeFile(UpdateKind.MODEL)).toBe("model.b");
    expect(Buffer.from(next.files.read("model.b")!, 0, BYTES).equals(image)).toBe(true);
    expect(next.slots.accepted()).toBe(SEQUENCE);
  });

  it("is passed over once it is accepted", () => {
    fetched(good);
    expect(boot().offer(source.publish({ envelope: good, image }))).toBe(false);
  });

  it("goes on after a restart with the block that it lacks", () => {
    const offer = source.publish({ envelope: good, image });
    let device = boot();
    for (let restarts = 0; device.closed === undefined && restarts < 40; restarts++) {
      device = boot();
      const kept = 4 * (device.settings.get(SettingKey.UPDATE_PROGRESS)[14] ?? 0);
      device.offer(offer);
      device.clock.settle();
      const before = source.requests.length;
      device.run(answer, 1);
      expect((source.requests[before]?.first ?? kept) % 1024).toBe(kept);
    }
    expect(ended(device)).toEqual([STAGED, 0]);
    const asked = source.requests.map(({ part, first }) => part * 65536 + first);
    expect(asked).toEqual([...new Set(asked)].sort((a, b) => a - b));
    // Each boot went on within the piece of which the one before had kept a part.
    expect(source.requests.filter(({ first }) => first % 1024 > 0).length).toBeGreaterThan(3);
  });

  it("begins anew where another envelope of the same sequence is offered", () => {
    const device = boot();
    device.offer(source.publish({ envelope: good, image }));
    device.run(answer, 1);
    expect(device.settings.get(SettingKey.UPDATE_PROGRESS)[12]).toBe(2);
    expect(ended(fetched(signed({})))).toEqual([STAGED, 0]);
  });

  it("begins a piece again of which something else was kept", () => {
    const device = boot();
    device.offer(source.publish({ envelope: good, image }));
    device.run(answer, 3);
    expect(device.settings.get(SettingKey.UPDATE_PROGRESS)[14]).toBeGreaterThan(0);
    device.files.clearSlot(PART_FILE);
    const next = boot();
    next.offer(source.publish({ envelope: good, image }));
    next.run(answer);
    expect(ended(next)).toEqual([STAGED, 0]);
    const firsts = source.requests.map(({ first }) => first);
    expect(firsts).not.toEqual([...firsts].sort((a, b) => a - b));
  });

  it("goes on within a block that was cut short, in the same boot", () => {
    const offer = source.publish({ envelope: good, image });
    const device = boot();
    device.offer(offer);
    let cut = 0;
    const heard = new Map<number, number>();
    // Every third block arrives in part, as the end of a connection leaves it.
    for (let k = 0; device.closed === undefined; k++) {
      device.clock.settle();
      const request = device.requests.pop()!;
      for (const block of source.answer(request)) {
        const bytes = k % 3 && block.length > 200 ? 150 + ((k * 37) % (block.length - 150)) : block.length;
        cut += +(bytes < block.length);
        const { part, first } = source.requests.at(-1)!;
        heard.set(part * 65536 + first, (heard.get(part * 65536 + first) ?? 0) + 1);
        device.hear(block, bytes);
        if (bytes < block.length) break;
      }
      device.clock.settle();
      if (device.closed === undefined && device.requests.length === 0) device.agent!.connected();
    }
    expect(cut).toBeGreaterThan(5);
    expect(ended(device)).toEqual([STAGED, 0]);
    // No address was ever asked for twice.
    expect(Math.max(...heard.values())).toBeLessThanOrEqual(2);
  });

  it("waits without a word while another is on trial, and is no refused one", () => {
    fetched(good);
    const device = boot();
    const next = signed({ sequence: SEQUENCE + 1 });
    expect(device.offer(source.publish({ envelope: next, image }))).toBe(true);
    device.run(answer);
    expect([device.closed, device.states]).toEqual(["done", []]);
    expect(device.slots.confirm()).toBe(ErrorCode.OK);
    expect(ended(fetched(next))).toEqual([STAGED, 0]);
  });

  it("writes nothing when a connection ends that brought nothing new", () => {
    const device = boot();
    device.offer(source.publish({ envelope: good, image }));
    device.clock.settle();
    const before = flash.operations;
    device.agent!.closed();
    expect(flash.operations).toBe(before);
    device.hear(answer(device.requests.pop()!)[0]!, 500);
    device.agent!.closed();
    const kept = flash.operations;
    expect(kept).toBeGreaterThan(before);
    device.agent!.closed();
    expect(flash.operations).toBe(kept);
  });

  it("takes a block as it grows, and what it has already no second time", () => {
    const device = boot();
    device.offer(source.publish({ envelope: good, image }));
    let seed = 1;
    device.run((request) => {
      for (const block of answer(request))
        for (let bytes = 0; bytes < block.length; bytes += 1 + (seed % 97)) {
          seed = (seed * 48_271) % 2_147_483_647;
          device.hear(block, bytes);
        }
      // Whole, and once more.
      return [...answer(request), ...answer(request)];
    });
    expect(ended(device)).toEqual([STAGED, 0]);
    expect(boot().slots.activeFile(UpdateKind.MODEL)).toBe("model.b");
  });

  it("asks for nothing twice where its answer is only late", () => {
    const device = boot();
    device.offer(source.publish({ envelope: good, image }));
    expect(device.requests).toHaveLength(1);
    const late = answer(device.requests[0]!);
    device.agent!.connected();
    expect(device.requests).toHaveLength(2);
    // The earlier answer has another id.
    for (const block of late) device.hear(block);
    expect(device.settings.get(8).length).toBe(0);
    device.requests.splice(0, 1);
    device.run(answer);
    expect(ended(device)).toEqual([STAGED, 0]);
  });
});

describe("an image of more than 64 KB, of which a block is two pieces", () => {
  const long = Uint8Array.from({ length: 70_001 }, (_, i) => (i * i) >> (i % 7));
  let envelope: Uint8Array;
  beforeEach(() => {
    flash = installedFlash({ ...installation, slotBytes: 73_728 });
    envelope = signed({ image: describeImage(long, "heatshrink") });
  });
  const expectThere = (): void => {
    const { slots, files } = boot();
    expect(slots.activeFile(UpdateKind.MODEL)).toBe("model.b");
    expect(Buffer.from(files.read("model.b")!, 0, long.length).equals(Buffer.from(long))).toBe(true);
  };

  it("is fetched whole, from block to block over restarts", () => {
    expect(ended(fetched(envelope, boot(), long))).toEqual([STAGED, 0]);
    expectThere();
  });

  it("keeps no front of a block, of which it has one piece in memory", () => {
    const device = boot();
    device.offer(source.publish({ envelope, image: long }));
    for (;;) {
      device.clock.settle();
      const request = device.requests.pop()!;
      const { part } = (answer(request), source.requests.at(-1)!);
      const [block] = answer(request);
      if (part === 1) {
        const before = flash.operations;
        device.hear(block!, 1500);
        device.agent!.closed();
        expect(flash.operations).toBe(before);
        return;
      }
      for (const one of answer(request)) device.hear(one);
    }
  });

  it("goes on over restarts with the first block that is not there, and takes no part of one for the whole", () => {
    const offer = source.publish({ envelope, image: long });
    let device = boot();
    for (let restarts = 0; device.closed === undefined && restarts < 400; restarts++) {
      device = boot();
      device.offer(offer);
      device.run(answer, 1 + (restarts % 2));
    }
    expect(ended(device)).toEqual([STAGED, 0]);
    expectThere();
  });

  it("asks for both pieces of a block again where one is another", () => {
    const device = boot();
    device.offer(source.publish({ envelope, image: long }));
    let spoilt = 0;
    device.run((request) => {
      const blocks = answer(request);
      const { part, first } = source.requests.at(-1)!;
      return part === 1 && first === 4096 && spoilt++ === 0
        ? blocks.map((one) => changed(one, one.length - 1))
        : blocks;
    });
    expect(ended(device)).toEqual([STAGED, 0]);
    expect(source.requests.filter(({ part, first }) => part === 1 && first === 4096)).toHaveLength(2);
    expectThere();
  });
});

describe("what is hostile", () => {
  const refusals: [string, () => Uint8Array, Partial<FetchingTraits>, ErrorCode][] = [
    ["a changed envelope", () => changed(good, 60), {}, ErrorCode.UPDATE_SIGNATURE],
    ["a key that is not trusted", () => changed(good, 12), {}, ErrorCode.UPDATE_KEY_UNKNOWN],
    ["no envelope", () => Buffer.alloc(3000, 7), {}, ErrorCode.UPDATE_MALFORMED],
    ["a MAC", () => macEnvelope(deviceKey, encodeManifest(modelUpdate)), {}, ErrorCode.UPDATE_MALFORMED],
    ["another device's", () => signed({ device: "tree8" }), {}, ErrorCode.UPDATE_WRONG_DEVICE],
    ["another application's", () => signed({}), { application: "occupancy" }, ErrorCode.UPDATE_WRONG_APPLICATION],
    ["another board's", () => signed({}), { board: "pixljs" }, ErrorCode.UPDATE_WRONG_BOARD],
    ["a later runtime's", () => signed({ runtime: "9.0.0" }), {}, ErrorCode.UPDATE_RUNTIME_OLD],
    ["too big an arena", () => signed({}), { freeBytes: -1 }, ErrorCode.UPDATE_TOO_BIG],
    ["an operator that is missing", () => signed({}), { operators: [1] }, ErrorCode.UPDATE_OPERATOR_MISSING],
    ["a companion that has not come", () => signed({ companion: 9 }), {}, ErrorCode.UPDATE_COMPANION_MISSING],
  ];
  for (const [what, envelope, traits, code] of refusals)
    it(`is refused, told once and not fetched again: ${what}`, () => {
      const bytes = envelope();
      const offer = offerOf(0, SEQUENCE, bytes);
      const device = boot(traits);
      expect(device.offer(offer)).toBe(true);
      serve(device, bytes);
      expect(device.states).toHaveLength(1);
      expect(ended(device)).toEqual([REFUSED, code]);
      expect(device.closed).toBe("done");
      expect(device.offer(offer)).toBe(false);
      expect(boot(traits).offer(offer)).toBe(false);
      expectUntouched();
    });

  it("too big an image is refused", () => {
    const big = Buffer.alloc(24577, 1);
    const device = fetched(signed({ image: describeImage(big, "none") }), boot(), big);
    expect(ended(device)).toEqual([REFUSED, ErrorCode.UPDATE_TOO_BIG]);
    expectUntouched();
  });

  it("an old sequence is refused once, as a replayed rollback would be", () => {
    const older = signed({ sequence: SEQUENCE - 1 });
    fetched(good);
    const offer = source.publish({ envelope: older, image });
    const device = boot();
    expect(device.offer(offer)).toBe(true);
    device.run(answer);
    expect(device.states).toEqual([[SEQUENCE - 1, REFUSED, ErrorCode.UPDATE_SEQUENCE_OLD, 0, 0]]);
    expect(source.requests.at(-1)!.sequence).toBe(SEQUENCE);
    expect(boot().offer(offer)).toBe(false);
  });

  it("an offer that lies about the sequence is refused, and the true one still taken", () => {
    const device = boot();
    device.offer(offerOf(0, SEQUENCE + 5, good));
    serve(device, good);
    expect(ended(device)).toEqual([REFUSED, ErrorCode.UPDATE_DAMAGED]);
    expectUntouched();
    expect(ended(fetched(good))).toEqual([STAGED, 0]);
  });

  it("an offer that lies about the kind has no say: the manifest does", () => {
    const device = boot();
    device.offer(offerOf(1, SEQUENCE, good));
    serve(device, good);
    expect(ended(device)).toEqual([STAGED, 0]);
    expect(boot().slots.activeFile(UpdateKind.MODEL)).toBe("model.b");
  });

  it("a forged envelope with the sequence of one to come does not spoil it", () => {
    const forged = changed(good, 60);
    const device = boot();
    device.offer(offerOf(0, SEQUENCE, forged));
    serve(device, forged);
    expect(ended(device)).toEqual([REFUSED, ErrorCode.UPDATE_SIGNATURE]);
    expect(ended(fetched(good))).toEqual([STAGED, 0]);
  });

  it("an envelope other than the one that was offered is refused", () => {
    const device = boot();
    device.offer(offerOf(0, SEQUENCE, changed(good, 2000)));
    serve(device, good);
    expect(ended(device)).toEqual([REFUSED, ErrorCode.UPDATE_DAMAGED]);
  });

  it("blocks that are swapped, changed, too long or unasked for are not kept, and refuse the update in the end", () => {
    source.publish({ envelope: good, image });
    for (const spoil of [
      (blocks: Uint8Array[]) => blocks.map((block) => block.map((byte, i) => (i > 1500 ? block[i - 1024]! : byte))),
      (blocks: Uint8Array[]) => blocks.map((block) => changed(block, block.length - 1)),
    ]) {
      const device = boot();
      device.offer(offerOf(0, SEQUENCE, good));
      device.run((request) => (source.answer(request), spoil(source.answer(request))), 60);
      if (device.closed !== undefined) expect(ended(device)).toEqual([REFUSED, ErrorCode.UPDATE_DAMAGED]);
      expectUntouched();
    }
    const device = boot();
    expect(device.offer(offerOf(0, SEQUENCE + 1, signed({})))).toBe(true);
    const before = flash.operations;
    for (let k = 0; k < 2000; k++) {
      device.hear(encodeUpdateBlock(k & 65535, (k % 7) * 1024, [new Uint8Array(1024)]));
      device.hear(encodeUpdateBlock(1, 0, [new Uint8Array(2000)]));
    }
    expect(flash.operations - before).toBeLessThanOrEqual(3);
  });

  it("offers that are none are passed over", () => {
    const offer = offerOf(0, SEQUENCE, good);
    for (const bytes of [offer.slice(0, 20), changed(offer, 0), offerOf(4, SEQUENCE, good), offerOf(0, 0, good)])
      expect(boot().offer(bytes)).toBe(false);
    expect(boot().offer(offerOf(0, SEQUENCE, new Uint8Array(4097)))).toBe(false);
  });
});

describe("a change of keys", () => {
  const change: UpdateManifest = { kind: "key", sequence: SEQUENCE, key: { slot: "working" } };

  it("changes the keys that updates are proven by, and is confirmed at once", () => {
    const device = fetched(signUpdate(leaf++, change), boot(), new Uint8Array(0));
    expect(device.states).toEqual([[SEQUENCE, CONFIRMED, 0, 0, 0]]);
    expect(device.closed).toBe("done");
    const stored = boot().settings.get(7);
    expect(Buffer.from(stored.subarray(0, 60)).equals(Buffer.alloc(60))).toBe(true);
    expect(Buffer.from(stored.subarray(60, 120)).equals(Buffer.from(publicKey))).toBe(true);
    expect(boot().slots.accepted()).toBe(SEQUENCE);
    // The spare still signs.
    expect(ended(fetched(signed({ sequence: SEQUENCE + 1 })))).toEqual([STAGED, 0]);
  });

  it("leaves the other key as it is", () => {
    const other = { ...change, key: { slot: "spare", newKey: otherKey } } as const;
    expect(ended(fetched(signUpdate(leaf++, other), boot(), new Uint8Array(0)))).toEqual([CONFIRMED, 0]);
    const stored = boot().settings.get(SettingKey.UPDATE_KEYS);
    expect([0, 60].map((at) => Buffer.from(stored.subarray(at, at + 60)).equals(Buffer.from(otherKey)))).toEqual([
      true,
      true,
    ]);
    // The key that signed this is none any more.
    expect(ended(fetched(signed({ sequence: SEQUENCE + 1 })))).toEqual([REFUSED, ErrorCode.UPDATE_KEY_UNKNOWN]);
  });

  it("is refused where it would leave no key", () => {
    flash = installedFlash({ ...installation, keys: [publicKey, new Uint8Array(0)] });
    const device = fetched(signUpdate(leaf++, change), boot(), new Uint8Array(0));
    expect(ended(device)).toEqual([REFUSED, ErrorCode.UPDATE_KEY_FORBIDDEN]);
  });
});

describe("two that name each other", () => {
  const app = Buffer.from("f".repeat(3000));
  const model = { operators: [1, 4], inputBytes: 8, outputBytes: 1, arenaBytes: 0, goldens: 0 };
  const first = (): Uint8Array =>
    signed({
      kind: "application",
      sequence: SEQUENCE,
      companion: SEQUENCE + 1,
      image: describeImage(app, "heatshrink"),
      model,
    });
  const second = (changes: Partial<UpdateManifest> = {}): Uint8Array =>
    signed({
      sequence: SEQUENCE + 1,
      companion: SEQUENCE,
      model: { ...model, arenaBytes: 600, goldens: 2 },
      ...changes,
    });

  it("become active together", () => {
    const device = fetched(first(), boot(), app);
    expect([ended(device), device.closed]).toEqual([[STAGED, 0], "done"]);
    expectActive("model.a", "app.a");
    const other = fetched(second());
    expect([ended(other), other.closed]).toEqual([[STAGED, 0], "restart"]);
    expectActive("model.b", "app.b");
  });

  it("do not where the second does not fit the first, or names another", () => {
    fetched(first(), boot(), app);
    expect(ended(fetched(second({ model: { ...model, inputBytes: 4, arenaBytes: 600, goldens: 2 } })))).toEqual([
      REFUSED,
      ErrorCode.UPDATE_MODEL_MISMATCH,
    ]);
    expect(ended(fetched(second({ sequence: SEQUENCE + 2 })))).toEqual([REFUSED, ErrorCode.UPDATE_COMPANION_MISSING]);
    expectActive("model.a", "app.a");
  });

  it("tell again that the first waits, where nobody may have heard", () => {
    const envelope = first();
    fetched(envelope, boot(), app);
    const again = boot();
    expect(again.offer(source.publish({ envelope, image: app }))).toBe(true);
    again.run(answer);
    expect([ended(again), again.closed]).toEqual([[STAGED, 0], "done"]);
  });

  function expectActive(...files: string[]): void {
    const { slots } = boot();
    expect([slots.activeFile(UpdateKind.MODEL), slots.activeFile(UpdateKind.APPLICATION)]).toEqual(files);
  }
});

describe("a device without SHA-256", () => {
  it("takes a MAC of its own key, and no signature", () => {
    const envelope = macEnvelope(deviceKey, encodeManifest(modelUpdate));
    expect(ended(fetched(good, boot({ proof: macProof(deviceKey) })))).toEqual([REFUSED, ErrorCode.UPDATE_MALFORMED]);
    const device = boot({ proof: macProof(deviceKey) });
    source.publish({ envelope: good, image });
    device.offer(offerOf(0, SEQUENCE, envelope));
    serve(device, envelope);
    expect(ended(device)).toEqual([STAGED, 0]);
  });
});

/** Answers with another envelope than the one published; the image is that one's. */
function serve(device: FetchingDevice, envelope: Uint8Array): void {
  source.publish({ envelope: good, image });
  device.run((request) => {
    const blocks = source.answer(request);
    const { id, part, first, count } = source.requests.at(-1)!;
    if (part === 1) return blocks;
    const list: Uint8Array[] = [];
    for (let at = first; at < first + count; at += 1024)
      list.push(encodeUpdateBlock(id, at, [envelope.slice(at, Math.min(at + 1024, first + count))]));
    return list;
  });
}

function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

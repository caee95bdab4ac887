import { beforeEach, describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { UpdateKind } from "../../lib/update/manifest.js";
import { encodeUpdateBlock } from "../../scripts/fleet/messages/update-block.js";
import { macEnvelope } from "../../scripts/ota/envelope.js";
import { describeImage } from "../../scripts/ota/image.js";
import { encodeManifest } from "../../scripts/ota/manifest.js";
import { offerOf } from "../../scripts/simulate/update/block-source.js";
import type { FetchingTraits } from "../../scripts/simulate/update/fetching-device.js";
import {
  SEQUENCE,
  deviceKey,
  good,
  signed,
  flash,
  source,
  install,
  boot,
  answer,
  ended,
  fetched,
  expectUntouched,
  serve,
  changed,
  STAGED,
  REFUSED,
} from "./agent-scene.js";
import { image, modelUpdate } from "./signed-update.js";

beforeEach(() => install());

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

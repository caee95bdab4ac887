import { beforeEach, describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { SettingKey } from "../../lib/settings/keys.js";
import { macProof } from "../../lib/update/mac-proof.js";
import { UpdateKind } from "../../lib/update/manifest.js";
import { macEnvelope } from "../../scripts/ota/envelope.js";
import { describeImage } from "../../scripts/ota/image.js";
import { encodeManifest } from "../../scripts/ota/manifest.js";
import type { UpdateManifest } from "../../scripts/ota/update-manifest.js";
import { offerOf } from "../../scripts/simulate/update/block-source.js";
import {
  SEQUENCE,
  otherKey,
  deviceKey,
  good,
  signedBy,
  signed,
  source,
  install,
  boot,
  answer,
  ended,
  fetched,
  serve,
  STAGED,
  CONFIRMED,
  REFUSED,
} from "./agent-scene.js";
import { image, modelUpdate, publicKey } from "./signed-update.js";

beforeEach(() => install());

describe("a change of keys", () => {
  const change: UpdateManifest = { kind: "key", sequence: SEQUENCE, key: { slot: "working" } };

  it("changes the keys that updates are proven by, and is confirmed at once", () => {
    const device = fetched(signedBy(change), boot(), new Uint8Array(0));
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
    expect(ended(fetched(signedBy(other), boot(), new Uint8Array(0)))).toEqual([CONFIRMED, 0]);
    const stored = boot().settings.get(SettingKey.UPDATE_KEYS);
    expect([0, 60].map((at) => Buffer.from(stored.subarray(at, at + 60)).equals(Buffer.from(otherKey)))).toEqual([
      true,
      true,
    ]);
    // The key that signed this is none any more.
    expect(ended(fetched(signed({ sequence: SEQUENCE + 1 })))).toEqual([REFUSED, ErrorCode.UPDATE_KEY_UNKNOWN]);
  });

  it("is refused where it would leave no key", () => {
    install({ keys: [publicKey, new Uint8Array(0)] });
    const device = fetched(signedBy(change), boot(), new Uint8Array(0));
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

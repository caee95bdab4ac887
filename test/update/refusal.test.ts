import { describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { readManifest, UpdateKind, type Manifest } from "../../lib/update/manifest.js";
import { refusalOf, type Counterpart, type UpdateTarget } from "../../lib/update/refusal.js";
import { changeKey, KeySlot } from "../../lib/update/trusted-keys.js";
import { describeImage } from "../../scripts/ota/image.js";
import { encodeManifest } from "../../scripts/ota/manifest.js";
import type { UpdateManifest } from "../../scripts/ota/update-manifest.js";
import { versionNumber } from "../../scripts/ota/version-number.js";

const image = describeImage(Buffer.alloc(3000, 1), "none");
const model: UpdateManifest = {
  kind: "model",
  sequence: 100,
  application: "orchard-frost",
  boards: ["esp32", "esp32c3"],
  runtime: "0.2.0",
  image,
  model: { arenaBytes: 600, operators: [1, 4], inputBytes: 4, outputBytes: 1, goldens: 2 },
};
const application: UpdateManifest = {
  ...model,
  kind: "application",
  model: { ...model.model!, arenaBytes: 0, goldens: 0 },
};
const target: UpdateTarget = {
  application: "orchard-frost",
  board: "esp32",
  device: "tree7",
  runtime: versionNumber("0.2.0")!,
  sequence: 99,
  maxImageBytes: [4096, 4096, 512],
  arenaBytes: 600,
};
const counterpart: Counterpart = { sequence: 0, operators: Uint8Array.of(9, 4, 1), inputBytes: 4, outputBytes: 1 };

function decided(
  manifest: UpdateManifest,
  here: Partial<UpdateTarget> = {},
  other: Counterpart | undefined = counterpart,
) {
  const bytes = encodeManifest(manifest);
  return refusalOf(readManifest(bytes, 0, bytes.length) as Manifest, { ...target, ...here }, other);
}

describe("refusalOf", () => {
  it("lets through what fits, at every limit", () => {
    expect(decided(model)).toBe(ErrorCode.OK);
    expect(decided({ ...model, device: "tree7" }, { board: "esp32c3" })).toBe(ErrorCode.OK);
    expect(decided({ ...model, boards: [] }, { board: "pixljs" })).toBe(ErrorCode.OK);
    expect(decided(application, {}, { ...counterpart, operators: Uint8Array.of(4) })).toBe(ErrorCode.OK);
  });

  it.each<[ErrorCode, Partial<UpdateManifest>, Partial<UpdateTarget>]>([
    [ErrorCode.UPDATE_SEQUENCE_OLD, {}, { sequence: 100 }],
    [ErrorCode.UPDATE_SEQUENCE_OLD, {}, { sequence: 4294967295 }],
    [ErrorCode.UPDATE_WRONG_APPLICATION, {}, { application: "orchard" }],
    [ErrorCode.UPDATE_WRONG_BOARD, {}, { board: "esp32s3" }],
    [ErrorCode.UPDATE_WRONG_BOARD, {}, { board: "esp3" }],
    [ErrorCode.UPDATE_WRONG_BOARD, { boards: ["esp32c3"] }, {}],
    [ErrorCode.UPDATE_WRONG_DEVICE, { device: "tree8" }, {}],
    [ErrorCode.UPDATE_RUNTIME_OLD, { runtime: "0.2.1" }, {}],
    [ErrorCode.UPDATE_TOO_BIG, {}, { maxImageBytes: [2999, 4096, 512] }],
    [ErrorCode.UPDATE_TOO_BIG, {}, { arenaBytes: 599 }],
    [ErrorCode.UPDATE_COMPANION_MISSING, { companion: 101 }, {}],
  ])("refuses with %i what does not fit the device (%#)", (code, change, here) => {
    expect(decided({ ...model, ...change }, here)).toBe(code);
  });

  it("refuses a model whose shape or operators the application does not have, and the reverse", () => {
    for (const manifest of [model, application]) {
      expect(decided(manifest, {}, { ...counterpart, inputBytes: 5 })).toBe(ErrorCode.UPDATE_MODEL_MISMATCH);
      expect(decided(manifest, {}, { ...counterpart, outputBytes: 2 })).toBe(ErrorCode.UPDATE_MODEL_MISMATCH);
    }
    expect(decided(model, {}, { ...counterpart, operators: Uint8Array.of(1) })).toBe(ErrorCode.UPDATE_OPERATOR_MISSING);
    expect(decided(application)).toBe(ErrorCode.UPDATE_OPERATOR_MISSING);
  });

  it("checks a companion's shape in place of what is active", () => {
    const companion = { ...counterpart, sequence: 101 };
    expect(decided({ ...model, companion: 101 }, {}, companion)).toBe(ErrorCode.OK);
    expect(decided({ ...model, companion: 101 }, {}, { ...companion, inputBytes: 9 })).toBe(
      ErrorCode.UPDATE_MODEL_MISMATCH,
    );
  });

  it("asks no model of an application without one, of a configuration, or where nothing is there yet", () => {
    const bare = { ...application, model: undefined as never };
    expect(decided(bare)).toBe(ErrorCode.OK);
    expect(
      decided({
        kind: "config",
        sequence: 100,
        application: "orchard-frost",
        image: describeImage(Buffer.alloc(9), "none"),
      }),
    ).toBe(ErrorCode.OK);
    const bytes = encodeManifest(model);
    expect(refusalOf(readManifest(bytes, 0, bytes.length) as Manifest, target, undefined)).toBe(ErrorCode.OK);
  });

  it("asks of a change of keys its sequence and device only", () => {
    const change: UpdateManifest = { kind: "key", sequence: 100, key: { slot: "working" } };
    expect(decided(change, { application: "other" })).toBe(ErrorCode.OK);
    expect(decided({ ...change, device: "tree8" })).toBe(ErrorCode.UPDATE_WRONG_DEVICE);
    expect(decided(change, { sequence: 100 })).toBe(ErrorCode.UPDATE_SEQUENCE_OLD);
  });
});

describe("changeKey", () => {
  const key = (fill: number): Uint8Array =>
    Uint8Array.from([0, 0, 0, 1, 0, 0, 0, 6, 0, 0, 0, 3, ...Buffer.alloc(48, fill)]);
  const none = new Uint8Array(0);

  function changed(slot: "working" | "spare", newKey: Uint8Array | undefined, signer: KeySlot, keys: Uint8Array[]) {
    const bytes = encodeManifest({ kind: "key", sequence: 1, key: { slot, ...(newKey && { newKey }) } });
    const manifest = readManifest(bytes, 0, bytes.length) as Manifest;
    expect(manifest[1]).toBe(UpdateKind.KEY);
    const after = [...keys];
    return { code: changeKey(manifest, signer, after), keys: after };
  }

  it("lets each key revoke or replace itself, and the spare the working key", () => {
    const keys = [key(1), key(2)];
    expect(changed("working", undefined, KeySlot.WORKING, keys)).toEqual({ code: ErrorCode.OK, keys: [none, key(2)] });
    expect(changed("working", key(3), KeySlot.WORKING, keys)).toEqual({ code: ErrorCode.OK, keys: [key(3), key(2)] });
    expect(changed("spare", key(3), KeySlot.SPARE, keys)).toEqual({ code: ErrorCode.OK, keys: [key(1), key(3)] });
    expect(changed("working", key(3), KeySlot.SPARE, keys)).toEqual({ code: ErrorCode.OK, keys: [key(3), key(2)] });
    expect(changed("working", key(3), KeySlot.SPARE, [none, key(2)]).keys).toEqual([key(3), key(2)]);
  });

  it("does not let the working key touch the spare, nor the last key go without another", () => {
    const refused = ErrorCode.UPDATE_KEY_FORBIDDEN;
    const keys = [key(1), key(2)];
    expect(changed("spare", undefined, KeySlot.WORKING, keys)).toEqual({ code: refused, keys });
    expect(changed("spare", key(3), KeySlot.WORKING, keys)).toEqual({ code: refused, keys });
    expect(changed("spare", undefined, KeySlot.SPARE, [none, key(2)])).toEqual({ code: refused, keys: [none, key(2)] });
    expect(changed("working", undefined, KeySlot.WORKING, [key(1), none])).toEqual({
      code: refused,
      keys: [key(1), none],
    });
  });
});

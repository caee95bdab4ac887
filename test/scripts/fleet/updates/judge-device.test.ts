import { describe, expect, it } from "vitest";
import { ErrorCode } from "../../../../lib/core/error-code.js";
import { type Manifest, readManifest } from "../../../../lib/update/manifest.js";
import { type DeviceFacts, judgeDevice } from "../../../../scripts/fleet/updates/judge-device.js";
import { describeImage } from "../../../../scripts/ota/image.js";
import { encodeManifest } from "../../../../scripts/ota/manifest.js";
import type { UpdateManifest } from "../../../../scripts/ota/update-manifest.js";
import { model } from "./signed.js";

function manifest(more: Partial<UpdateManifest>, bytes = 100): Manifest {
  const encoded = encodeManifest({
    ...model,
    sequence: 10,
    image: describeImage(new Uint8Array(bytes), "none"),
    ...more,
  });
  return readManifest(encoded, 0, encoded.length) as Manifest;
}

const facts: DeviceFacts = { device: "dev1", application: "orchard-frost 0.1.0", board: "esp32", runtime: "0.1.0" };
const silent: DeviceFacts = { device: "dev1", application: null, board: null, runtime: null };
const application = { kind: "application", model: { ...model.model, arenaBytes: 0, goldens: 0 } } as const;

describe("what a device would say to an update", () => {
  it.each<[string, Partial<UpdateManifest>, Partial<DeviceFacts>, number, ErrorCode]>([
    ["takes one for it", {}, {}, 9, ErrorCode.OK],
    ["refuses a sequence that it knows", {}, {}, 10, ErrorCode.UPDATE_SEQUENCE_OLD],
    ["refuses one for another device", { device: "dev2" }, {}, 0, ErrorCode.UPDATE_WRONG_DEVICE],
    ["refuses another application", {}, { application: "pump 1.0.0" }, 0, ErrorCode.UPDATE_WRONG_APPLICATION],
    ["refuses other boards", {}, { board: "esp32c3" }, 0, ErrorCode.UPDATE_WRONG_BOARD],
    ["refuses a later runtime", { runtime: "0.2.0" }, {}, 0, ErrorCode.UPDATE_RUNTIME_OLD],
    [
      "refuses one whose companion is not published with it",
      { companion: 11 },
      {},
      0,
      ErrorCode.UPDATE_COMPANION_MISSING,
    ],
  ])("%s", (_name, more, part, greatest, code) => {
    expect(judgeDevice(manifest(more), { ...facts, ...part }, greatest, undefined)).toBe(code);
  });

  it("refuses an image that does not fit its storage", () => {
    expect(judgeDevice(manifest({}, 4_000_000), facts, 0, undefined)).toBe(ErrorCode.UPDATE_TOO_BIG);
    expect(judgeDevice(manifest({}, 4_000_000), { ...facts, board: null }, 0, undefined)).toBe(ErrorCode.OK);
  });

  it("is not known of a device that has said nothing, but for what the update itself says", () => {
    expect(judgeDevice(manifest({ runtime: "9.0.0" }), silent, 0, undefined)).toBe(ErrorCode.OK);
    expect(judgeDevice(manifest({ device: "dev2" }), silent, 0, undefined)).toBe(ErrorCode.UPDATE_WRONG_DEVICE);
  });

  it("takes a pair whose parts fit each other", () => {
    const [pack, app] = [manifest({ companion: 11 }), manifest({ ...application, sequence: 11, companion: 10 })];
    expect(judgeDevice(pack, facts, 0, app)).toBe(ErrorCode.OK);
    expect(judgeDevice(app, facts, 0, pack)).toBe(ErrorCode.OK);
    const poor = manifest({
      ...application,
      sequence: 11,
      companion: 10,
      model: { ...application.model, operators: [1] },
    });
    expect(judgeDevice(pack, facts, 0, poor)).toBe(ErrorCode.UPDATE_OPERATOR_MISSING);
  });

  it("changes no keys where there are none", () => {
    const keys = encodeManifest({ kind: "key", sequence: 10, key: { slot: "working" } });
    const change = readManifest(keys, 0, keys.length) as Manifest;
    expect(judgeDevice(change, facts, 0, undefined)).toBe(ErrorCode.OK);
    expect(judgeDevice(change, { ...facts, board: "pixljs" }, 0, undefined)).toBe(ErrorCode.UPDATE_KEY_FORBIDDEN);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { findBoard } from "../../../boards/index.js";
import { buildManifest } from "../../../scripts/bundle/build-manifest.js";
import { compileModel } from "../../../scripts/model/compile.js";
import { describeFile } from "../../../scripts/ota/describe-file.js";
import { encodeUpdateFile } from "../../../scripts/ota/update-file.js";
import { verifiedUpdate, type OpenedUpdate } from "../../../scripts/ota/verified-update.js";
import { smallConvNet } from "../../support/small-models.js";
import { image, modelUpdate, publicKey, signUpdate } from "../../update/signed-update.js";

const good = encodeUpdateFile({ envelope: signUpdate(1, modelUpdate), image });

describe("an update file", () => {
  it("is opened, verified and compared with its image", () => {
    const { opened, manifest } = verifiedUpdate(good, [publicKey]) as OpenedUpdate;
    expect([opened.signer, opened.index]).toEqual([0, 1]);
    expect(manifest).toEqual(modelUpdate);
    expect((verifiedUpdate(good, []) as OpenedUpdate).opened.signer).toBe(-1);
  });

  it("with any one byte changed is damaged or not signed", () => {
    for (let at = 0; at < good.length; at += at < 600 ? 1 : 101) {
      const changed = Uint8Array.from(good);
      changed[at]! ^= 1 << (at & 7);
      const update = verifiedUpdate(changed, [publicKey]);
      expect(typeof update === "string" || update.opened.signer === -1, `byte ${at}`).toBe(true);
    }
  });

  it("never makes anything throw, whatever its bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(700), (noise, keep) => {
        const bytes = Buffer.concat([good.subarray(0, keep), noise]);
        expect(typeof verifiedUpdate(bytes, [publicKey])).toBe("string");
      }),
      { seed: 11, numRuns: 500 },
    );
  });
});

describe("a file to sign", () => {
  const folder = mkdtempSync(join(tmpdir(), "sertao-describe-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const model = compileModel(smallConvNet(), { rounding: "tflm" });
  const app = { name: "orchard-frost", version: "0.2.0", entry: "main.ts" };
  const [bundle, pack] = [join(folder, "bundle.js"), join(folder, "model.smod")];
  const code = Buffer.from("print(1)");
  writeFileSync(pack, model.pack);
  writeFileSync(bundle, code);
  const build = buildManifest(app, findBoard("esp32")!, "0.1.0", code.toString(), model, undefined);
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(build));

  it("of a build says all of itself, and an application what it expects of its model", () => {
    const described = describeFile(pack, model.pack, {});
    expect(described).toMatchObject({
      kind: "model",
      application: "orchard-frost",
      boards: ["esp32"],
      runtime: "0.1.0",
    });
    expect(described.model!.arenaBytes).toBeGreaterThan(0);
    expect(described.model!.goldens).toBe(2);
    const needs = { ...described.model, arenaBytes: 0, goldens: 0 };
    expect(describeFile(bundle, code, {})).toMatchObject({
      kind: "application",
      label: "orchard-frost 0.2.0",
      model: needs,
    });
  });

  it("that was changed after the build is refused", () => {
    expect(() => describeFile(bundle, Buffer.from("print(2)"), {})).toThrow("OTA_IMAGE_UNKNOWN");
  });

  it("outside a build says what it can", () => {
    const elsewhere = join(tmpdir(), "frost.smod");
    expect(() => describeFile(elsewhere, model.pack, {})).toThrow("which application");
    const described = describeFile(elsewhere, model.pack, { application: "orchard-frost" });
    expect(Object.keys(described).sort()).toEqual(["application", "kind", "model"]);
    expect(describeFile(elsewhere, code, { application: "a", kind: "config" })).toEqual({
      application: "a",
      kind: "config",
    });
    expect(() => describeFile(elsewhere, code, { application: "a" })).toThrow("no model pack");
    expect(() => describeFile(elsewhere, code, { application: "a", kind: "model" })).toThrow("MODEL_PACK_REFUSED");
  });
});

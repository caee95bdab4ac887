import { createHash, createHmac } from "node:crypto";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { findCommand } from "../../scripts/engine/find-command.js";
import { macEnvelope } from "../../scripts/ota/envelope.js";
import { describeImage, packPieces } from "../../scripts/ota/image.js";
import { encodeManifest } from "../../scripts/ota/manifest.js";
import { deviceBundle } from "../mqtt/device-bundle.js";
import { runOnEngine } from "./run-on-engine.js";

const entry = fileURLToPath(new URL("device/engine-entry.ts", import.meta.url));
const macKey = Buffer.from("Jefe");
const macData = Buffer.from("what do ya want for nothing?");
const deviceKey = Buffer.alloc(32, 0xa5);
const image = Buffer.from("function frost(t){return t<0?1:0}".repeat(8));
const manifest = encodeManifest({
  kind: "application",
  sequence: 4000000000,
  application: "orchard-frost",
  image: describeImage(image, "heatshrink"),
});
const [piece] = packPieces(image, "heatshrink");
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const given = {
  macKey: hex(macKey),
  macData: hex(macData),
  deviceKey: hex(deviceKey),
  envelope: hex(macEnvelope(deviceKey, manifest)),
  piece: hex(piece!),
};

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 7 + 97);
const wanted = [
  ...[0, 3, 55, 56, 63, 64, 65, 119, 120, 200].map((length) => `${length} ${sha256(pattern(length))}`),
  `parts ${sha256(macData)}`,
  // RFC 4231, test case 2.
  "hmac 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  "verified 0",
  "other key 604",
  `orchard-frost 4000000000 ${image.length}`,
  "unpacked true",
  "block true",
  "damaged false",
];

let script: string;
beforeAll(async () => {
  script = `var given = ${JSON.stringify(given)};\n${await deviceBundle(entry)}`;
});

describe("updates on engines without SHA-256 of their own", () => {
  it("are verified and unpacked, on Node", async () => {
    expect(createHmac("sha256", macKey).update(macData).digest("hex")).toBe(wanted[11]!.slice(5));
    expect(piece!.length).toBeLessThan(image.length / 3);
    expect(await runOnEngine(process.execPath, script, "#", "end")).toEqual(wanted);
  });

  for (const engine of ["espruino", "espruino-field", "jerry", "mqjs", "duk"]) {
    const command = findCommand(engine);
    it.skipIf(!command)(`are verified and unpacked alike on ${engine} (needs ${engine})`, async () => {
      expect(await runOnEngine(command!, script, "#", "end")).toEqual(wanted);
    });
  }
});

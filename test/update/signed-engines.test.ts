import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { findBoard } from "../../boards/index.js";
import { buildApp } from "../../scripts/bundle/build-app.js";
import { findCommand } from "../../scripts/engine/find-command.js";
import { openEnvelope } from "../../scripts/ota/envelope.js";
import { hssPublicKey } from "../../scripts/ota/lms/hss.js";
import { runOnEngine } from "./run-on-engine.js";
import { modelUpdate, piece, publicKey, signUpdate } from "./signed-update.js";
import { storageScript } from "./storage-script.js";

const MAX_HASHES = 600;
/** Ten times what it takes on an idle machine; the figure itself is what `npm run bench:ota` prints. */
const PATIENCE_MS = 1500;

const otherKey = hssPublicKey(Buffer.concat([publicKey.subarray(4, 12), Buffer.alloc(48, 1)]));
const good = signUpdate(1000, modelUpdate);
const changed = Uint8Array.from(good);
changed[60]! ^= 1;

let code: string;
beforeAll(async () => {
  const app = fileURLToPath(new URL("../fixtures/bundle/update", import.meta.url));
  code = (await buildApp(app, findBoard("esp32")!)).code;
});

describe("a signed update", () => {
  it("takes fewer than 600 hashes to verify, and three messages to send its envelope", () => {
    expect(openEnvelope(good, [publicKey])!.hashes).toBeLessThan(MAX_HASHES);
    expect(good.length).toBeLessThanOrEqual(3 * 1024);
  });
});

for (const engine of ["espruino", "espruino-field"]) {
  const command = findCommand(engine);
  describe.skipIf(!command)(`a signed update on ${engine} (needs ${engine})`, () => {
    const on = (envelope: Uint8Array, keys = [otherKey, publicKey]): Promise<string[]> => {
      const [working, spare] = keys;
      const files = { "working.pub": working!, "spare.pub": spare!, envelope, operators: Uint8Array.of(4, 1), piece };
      return runOnEngine(command!, storageScript(files, code), "@", "end");
    };

    it("is verified in steps with the firmware's SHA-256, read, judged and unpacked", async () => {
      const lines = await on(good);
      const msOf = (name: string): number =>
        Number(lines.find((line) => line.startsWith(`${name} ms `))?.split(" ")[2]);
      expect(lines.filter((line) => !line.includes(" ms "))).toEqual([
        "signature 0 by 1 in 68 steps",
        "refusal 0",
        "piece true true",
      ]);
      expect(msOf("verify")).toBeLessThan(PATIENCE_MS);
      expect(msOf("unpack")).toBeLessThan(PATIENCE_MS);
    });

    it("is refused where it was changed, or is signed by nobody that is trusted, or is for another board", async () => {
      expect((await on(changed))[0]).toBe("signature 604 by 1 in 68 steps");
      expect((await on(good, [otherKey, otherKey]))[0]).toBe("signature 603 by -1 in 1 steps");
      expect(await on(signUpdate(1001, { ...modelUpdate, boards: ["pixljs"] }))).toContain("refusal 607");
    });
  });
}

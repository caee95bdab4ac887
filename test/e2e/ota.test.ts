import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildManifest } from "../../scripts/bundle/build-manifest.js";
import { findBoard } from "../../boards/index.js";
import { compileModel } from "../../scripts/model/compile.js";
import { openEnvelope } from "../../scripts/ota/envelope.js";
import { decodePublicKey } from "../../scripts/ota/public-key.js";
import { decodeUpdateFile } from "../../scripts/ota/update-file.js";
import { smallConvNet } from "../support/small-models.js";
import { runInProcess } from "./run-in-process.js";
import { built, sertao, startSertao, type CommandEnd } from "./sertao-command.js";

const PASSPHRASE = "rain in the sertao";
let folder: string;
const startedIn = process.cwd();
const env = { XDG_STATE_HOME: "", KEY_PASSPHRASE: PASSPHRASE };

const run = (line: string): Promise<CommandEnd> => runInProcess(line.split(" "));
const path = (name: string): string => join(folder, name);

async function succeeds(line: string): Promise<string> {
  const { status, stdout, stderr } = await run(line);
  expect(stderr, line).toBe("");
  expect(status, line).toBe(0);
  return stdout;
}

/** Index and signed content of an update file. */
function signed(file: string): { index: number; payload: string } {
  const publicKey = decodePublicKey(readFileSync(path(".sertao/ota/working.pub")), "working.pub").publicKey;
  const opened = openEnvelope(decodeUpdateFile(readFileSync(path(file)), file).envelope, [publicKey])!;
  expect(opened.signer).toBe(0);
  return { index: opened.index, payload: Buffer.from(opened.payload).toString("hex") };
}

/** Files to sign, each with a content of its own. */
function files(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    writeFileSync(path(`${name}${i}.cfg`), `${name} ${i}`);
    return `${name}${i}.cfg`;
  });
}

describe.skipIf(!built)("sertao ota (needs dist, npm run build)", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "sertao-ota-"));
    env.XDG_STATE_HOME = path("state");
    Object.assign(process.env, env);
    process.chdir(folder);
    writeFileSync(path("passphrase"), `${PASSPHRASE}\n`);
    mkdirSync(path("build"));
    const model = compileModel(smallConvNet(), { rounding: "tflm" });
    const app = { name: "orchard-frost", version: "0.2.0", entry: "main.ts" };
    const code = "var seen=0;function more(){seen=seen+1;return seen}print(more());".repeat(40);
    writeFileSync(path("build/bundle.js"), code);
    writeFileSync(path("build/model.smod"), model.pack);
    const manifest = buildManifest(app, findBoard("esp32")!, "0.1.0", code, model, undefined);
    writeFileSync(path("build/manifest.json"), JSON.stringify(manifest));
    expect(await succeeds("ota keygen --passphrase-file passphrase")).toContain("with 1024 signatures");
    await succeeds("ota keygen --spare --passphrase-env KEY_PASSPHRASE");
  });
  afterAll(() => {
    process.chdir(startedIn);
    rmSync(folder, { recursive: true, force: true });
  });

  it("keeps a key file for its owner alone, and the journal elsewhere", () => {
    expect(statSync(path(".sertao/ota/working.key")).mode & 0o777).toBe(0o600);
    expect(existsSync(path("state/sertao/ota"))).toBe(true);
    expect(readFileSync(path(".sertao/ota/working.key"), "utf8")).not.toContain(PASSPHRASE);
  });

  it("signs a build's model and application together, and shows what it signed", async () => {
    const stdout = await succeeds(
      "ota sign build/model.smod build/bundle.js --together --compress --trial-inferences 10 --passphrase-file passphrase --json",
    );
    const { updates, signatures } = JSON.parse(stdout) as {
      updates: { index: number; hashes: number; manifest: Record<string, unknown> }[];
      signatures: number;
    };
    expect(signatures).toBe(1024);
    expect(Math.max(...updates.map(({ hashes }) => hashes))).toBeLessThan(600);
    const [model, application] = updates.map(({ manifest }) => manifest);
    expect(model).toMatchObject({
      kind: "model",
      application: "orchard-frost",
      boards: ["esp32"],
      runtime: "0.1.0",
      goldens: 2,
    });
    expect(application).toMatchObject({ kind: "application", operators: model!["operators"], trialInferences: 10 });
    expect(application!["sequence"]).toBe((model!["sequence"] as number) + 1);
    expect([model!["companion"], application!["companion"]]).toEqual([application!["sequence"], model!["sequence"]]);

    const shown = JSON.parse(await succeeds("ota inspect build/model.smod.update --json")) as object;
    expect(shown).toMatchObject({ signature: "working key", index: updates[0]!.index, ...model });
    expect(await succeeds("ota inspect build/bundle.js.update")).toMatch(/^compression +heatshrink$/m);
    expect(statSync(path("build/bundle.js.update")).size).toBeGreaterThan(
      2512 + statSync(path("build/bundle.js")).size,
    );
  });

  it("revokes and replaces keys, by who may", async () => {
    const spare = "--key .sertao/ota/spare.key --passphrase-file passphrase";
    await succeeds(`ota revoke working ${spare} --new-key .sertao/ota/working.pub -o replace.update`);
    expect(await succeeds("ota inspect replace.update")).toMatch(/^signature +spare key$/m);
    await succeeds(`ota revoke working --passphrase-file passphrase -o revoke.update`);
    expect(await succeeds("ota inspect revoke.update")).toMatch(/^new key +none: revoked$/m);
    const { status, stderr } = await run("ota revoke spare --passphrase-file passphrase -o no.update");
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(/^sertao: USAGE: Devices let the working key change only itself/),
    ]);
    expect((await run(`ota revoke working ${spare} --new-key .sertao/ota/spare.pub -o no.update`)).stderr).toContain(
      "made as the spare key",
    );
  });

  it("turns a signed update into one with a MAC for one device", async () => {
    const [file] = files("network", 1);
    writeFileSync(path("device.key"), "07".repeat(32));
    await succeeds(
      `ota sign ${file} --kind config --application orchard-frost --device tree7 --passphrase-file passphrase`,
    );
    await succeeds(`ota mac ${file}.update --device-key-file device.key -o tree7.update`);
    expect(await succeeds("ota inspect tree7.update")).toMatch(/^signature +none: a MAC for one device/m);
    const { envelope, image } = decodeUpdateFile(readFileSync(path("tree7.update")), "tree7.update");
    expect(envelope.length).toBeLessThan(200);
    expect(Buffer.from(image).toString()).toBe("network 0");
  });

  it("lets three processes at once sign, one of them killed, with no index twice", async () => {
    const configs = "--kind config --application orchard-frost --passphrase-file passphrase";
    const lists = ["left", "right", "killed"].map((name) => files(name, 4));
    const lines = lists.map((list) => ["ota", "sign", ...list, ...configs.split(" ")]);
    const [left, right] = lines.slice(0, 2).map((line) => sertao(folder, line, env));
    const killed = startSertao(folder, lines[2]!, env);
    const gone = once(killed, "close");
    const look = setInterval(() => existsSync(path("killed1.cfg.update")) && killed.kill("SIGKILL"), 1);
    for (const end of [await left, await right]) expect([end!.stderr, end!.status]).toEqual(["", 0]);
    await gone;
    clearInterval(look);
    expect(await succeeds(`ota sign ${files("after", 1)[0]} ${configs}`)).toContain("of 1024 signatures left");
    const updates = [...lists.flat(), "after0.cfg"]
      .map((file) => `${file}.update`)
      .filter((file) => existsSync(path(file)));
    expect(updates.length).toBeGreaterThan(9);
    const indices = updates.map((file) => signed(file).index);
    expect(new Set(indices).size).toBe(indices.length);
    expect(signed("after0.cfg.update").index).toBe(Math.max(...indices));
  });

  it("warns when fewer than a tenth of the signatures are left", async () => {
    const { status, stdout, stderr } = await run(
      "ota sign build/model.smod --key .sertao/ota/spare.key --skip-to 1000 --passphrase-file passphrase",
    );
    expect([status, stdout]).toEqual([0, expect.stringContaining("23 of 1024 signatures left")]);
    expect(stderr).toMatch(/^sertao: warning: the spare key has 23 signatures left: [^\n]+\n$/);
  });

  it("refuses with one line and a true status", async () => {
    copyFileSync(path(".sertao/ota/working.key"), path("older.key"));
    await succeeds(`ota sign build/model.smod --passphrase-file passphrase`);
    writeFileSync(path("wrong"), "another passphrase\n");
    writeFileSync(path("short"), "too short\n");
    const changed = readFileSync(path("build/model.smod.update"));
    changed[changed.length - 9]! ^= 1;
    writeFileSync(path("changed.update"), changed);
    const unsigned = readFileSync(path("build/model.smod.update"));
    unsigned[120]! ^= 1;
    writeFileSync(path("unsigned.update"), unsigned);
    const cases: [string, number, string][] = [
      ["OTA_KEY_EXISTS", 1, "ota keygen --passphrase-file passphrase"],
      ["OTA_PASSPHRASE_MISSING", 2, "ota keygen --out new.key"],
      ["OTA_PASSPHRASE_MISSING", 2, "ota keygen --out new.key --passphrase-file short"],
      ["OTA_PASSPHRASE_MISSING", 2, "ota sign build/model.smod --passphrase-env NO_SUCH"],
      ["OTA_PASSPHRASE_WRONG", 1, "ota sign build/model.smod --passphrase-file wrong"],
      ["OTA_KEY_OLD", 1, "ota sign build/model.smod --key older.key --passphrase-file passphrase"],
      ["OTA_KEY_DAMAGED", 1, "ota sign build/model.smod --key wrong --passphrase-file passphrase"],
      ["OTA_JOURNAL_MISSING", 1, "ota sign build/model.smod --journal none --passphrase-file passphrase"],
      ["OTA_SKIP_BACK", 2, "ota sign build/model.smod --skip-to 0 --passphrase-file passphrase"],
      ["OTA_IMAGE_UNKNOWN", 2, "ota sign older.key --passphrase-file passphrase"],
      ["OTA_IMAGE_UNKNOWN", 2, "ota sign older.key --kind config --passphrase-file passphrase"],
      ["OTA_MANIFEST_INVALID", 2, "ota sign build/model.smod --boards esp31 --passphrase-file passphrase"],
      ["FILE_MISSING", 1, "ota sign build/none --passphrase-file passphrase"],
      ["FILE_MISSING", 1, "ota sign build/model.smod --key none.key --passphrase-file passphrase"],
      ["USAGE", 2, "ota sign build/model.smod --together --passphrase-file passphrase"],
      ["USAGE", 2, "ota sign build/model.smod --sequence soon --passphrase-file passphrase"],
      ["OTA_UPDATE_DAMAGED", 1, "ota inspect changed.update"],
      ["OTA_UPDATE_DAMAGED", 1, "ota inspect build/model.smod"],
      ["OTA_SIGNATURE_INVALID", 1, "ota inspect build/model.smod.update --key .sertao/ota/spare.pub"],
      ["OTA_KEY_DAMAGED", 1, "ota inspect build/model.smod.update --key wrong"],
    ];
    for (const [code, wanted, line] of cases) {
      const { status, stderr } = await run(line);
      expect(stderr, line).toMatch(new RegExp(`^sertao: ${code}: [^\\n]+[.)] [^\\n]+\\.\\n$`));
      expect(status, line).toBe(wanted);
      expect(stderr).not.toContain(PASSPHRASE);
    }
    expect((await run("ota inspect unsigned.update")).status).toBe(1);
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodePublicKey } from "../../scripts/ota/public-key.js";
import { PasswordFile } from "../../scripts/fleet/secrets/passwords.js";
import { decodeProvisioning, type Provisioning } from "../../scripts/provision/provisioning.js";
import { socatCommand } from "../support/serial/pty.js";
import { built, program, sertao } from "./sertao-command.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sertao-provision-e2e-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (device: string): string => join(folder, ".sertao/devices", device, "sertao.cfg");
const read = (device: string): Provisioning => decodeProvisioning(readFileSync(file(device)));

/** All that is secret in a provisioning, in the forms in which it could slip out. */
function secretsOf({ password, wifiPassword, deviceKey }: Provisioning): string[] {
  const key = Buffer.from(deviceKey!);
  return [password!, wifiPassword!, key.toString("hex"), key.toString("base64"), key.toString("latin1")];
}

describe.skipIf(!built)("sertao provision (needs dist)", () => {
  test("writes what a device needs, prints no secret, and rotates", async () => {
    const secrets = JSON.stringify({ wifi: "Fazenda", wifiPassword: "hunter22222" });
    const args = ["provision", "orchard1", "--broker", "10.0.0.5", "--from", "-", "--keys", "keys"];
    const first = await sertao(folder, args, {}, secrets);
    expect(first).toMatchObject({ status: 0, stderr: "" });
    const before = read("orchard1");
    expect(before).toMatchObject({ device: "orchard1", brokerHost: "10.0.0.5", wifiPassword: "hunter22222" });
    expect(statSync(file("orchard1")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, "keys"), "utf8")).toBe(
      `orchard1 ${Buffer.from(before.deviceKey!).toString("hex")}\n`,
    );
    const hashes = new PasswordFile(join(folder, ".sertao/passwords"));
    expect(await hashes.verify("orchard1", Buffer.from(before.password!))).toBe(true);

    const second = await sertao(folder, ["provision", "orchard1", "--json"]);
    expect(JSON.parse(second.stdout)).toMatchObject({ device: "orchard1", wifi: "Fazenda", rotated: true });
    const after = read("orchard1");
    expect(after.password).not.toBe(before.password);
    expect(after.incarnation).not.toBe(before.incarnation);
    expect(after.deviceKey).toEqual(before.deviceKey);
    const printed = first.stdout + second.stdout + second.stderr;
    for (const secret of [...secretsOf(before), ...secretsOf(after)]) expect(printed).not.toContain(secret);
  });

  test("two devices share nothing that was drawn", async () => {
    for (const device of ["d1", "d2"]) await sertao(folder, ["provision", device, "--broker", "b"]);
    const [one, two] = [read("d1"), read("d2")];
    expect(one.incarnation).not.toBe(two.incarnation);
    expect(one.password).not.toBe(two.password);
    expect(one.deviceKey).not.toEqual(two.deviceKey);
  });

  test("gives a device the keys of updates, and the sequence from which on it takes them", async () => {
    const { XDG_STATE_HOME, PASSPHRASE } = { XDG_STATE_HOME: join(folder, "state"), PASSPHRASE: "rain in the sertao" };
    for (const spare of [[], ["--spare"]]) {
      const args = ["ota", "keygen", "--passphrase-env", "PASSPHRASE", ...spare];
      expect((await sertao(folder, args, { XDG_STATE_HOME, PASSPHRASE })).status).toBe(0);
    }
    const keys = ["spare", "working"].flatMap((name) => ["--update-key", `.sertao/ota/${name}.pub`]);
    const made = await sertao(folder, ["provision", "d1", "--broker", "b", ...keys, "--update-sequence", "1700000000"]);
    expect(made).toMatchObject({ status: 0, stderr: "" });
    expect(made.stdout).toContain("it takes updates that its keys have signed, above sequence 1700000000\n");
    const publicKey = (name: string): Uint8Array =>
      Uint8Array.from(decodePublicKey(readFileSync(join(folder, `.sertao/ota/${name}.pub`)), name).publicKey);
    const has = { updateKey: publicKey("working"), spareKey: publicKey("spare"), updateSequence: 1700000000 };
    expect(read("d1")).toMatchObject(has);
    await sertao(folder, ["provision", "d1"]);
    expect(read("d1")).toMatchObject(has);
    const wrong = [
      [...keys.slice(2), ...keys.slice(2)],
      ["--update-sequence", "1699999999"],
      ["--update-sequence", "4294967296"],
      ["--update-sequence", "soon"],
    ];
    for (const args of wrong) {
      const { status, stderr } = await sertao(folder, ["provision", "d1", ...args]);
      expect(stderr).toMatch(/^sertao: PROVISION_UPDATE_(KEYS|SEQUENCE): [^\n]*\n$/);
      expect(status).toBe(2);
    }
    expect(read("d1")).toMatchObject(has);
  });

  test("ends with status 2 and one line where the command line is wrong", async () => {
    const wrong: [string[], string][] = [
      [["Orchard", "--broker", "b"], "DEVICE_ID"],
      [["d1"], "PROVISION_BROKER"],
      [["d1", "--broker", "b", "--wifi", "n"], "SECRET_MISSING"],
      [["d1", "--broker", "b", "--ack", "maybe"], "USAGE"],
    ];
    const ends = await Promise.all(wrong.map(([args]) => sertao(folder, ["provision", ...args])));
    ends.forEach(({ status, stdout, stderr }, i) => {
      expect(stderr).toMatch(new RegExp(`^sertao: ${wrong[i]![1]}: [^\\n]*\\n$`));
      expect([status, stdout]).toEqual([2, ""]);
    });
  });
});

describe.skipIf(!built || socatCommand === undefined)("sertao provision asks (needs dist and socat)", () => {
  /** Answers questions on a terminal; an answer is typed once its question stands there. */
  async function converse(answers: readonly (readonly [RegExp, string])[]): Promise<{ status: number; shown: string }> {
    const script = join(folder, "ask.sh");
    writeFileSync(
      script,
      `stty cols 100 rows 30\n"${process.execPath}" "${program}" provision d1\necho "[status $?]"\n`,
    );
    const socat = spawn(socatCommand!, ["-", "EXEC:sh ask.sh,pty,setsid,ctty,stderr"], {
      cwd: folder,
      stdio: ["pipe", "pipe", "ignore"],
    });
    let shown = "";
    let asked = 0;
    socat.stdout.on("data", (text: Buffer) => {
      shown += String(text);
      const next = answers[asked];
      if (next === undefined || !next[0].test(shown)) return;
      asked++;
      socat.stdin.write(next[1]);
    });
    const limit = setTimeout(() => socat.kill("SIGKILL"), 30_000);
    await once(socat, "close");
    clearTimeout(limit);
    return { status: Number(/\[status (\d+)\]/.exec(shown)?.[1]), shown };
  }

  test("for what is missing, and shows no password", async () => {
    const { status, shown } = await converse([
      [/Broker/, "10.0.0.5:1884\r"],
      [/Wi-Fi network/, "Fazenda\r"],
      [/Password of the network/, "hunter22222\r"],
      [/MQTT password/, "correcthorse\r"],
    ]);
    expect(status).toBe(0);
    expect(read("d1")).toMatchObject({
      brokerHost: "10.0.0.5",
      brokerPort: 1884,
      wifiNetwork: "Fazenda",
      wifiPassword: "hunter22222",
      password: "correcthorse",
    });
    expect(shown).not.toMatch(/hunter|correct|[▪•*]{3}/);
  });

  test("and takes Ctrl-C for an end that writes nothing", async () => {
    const { status, shown } = await converse([[/Broker/, "\u0003"]]);
    expect(status).toBe(130);
    expect(shown).toContain("PROMPT_CANCELLED: Cancelled; nothing was written.");
    expect(() => read("d1")).toThrow(/ENOENT/);
  });
});

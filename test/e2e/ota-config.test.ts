import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configure, readProvisioning } from "../../lib/app/provisioning.js";
import { decodeUpdateFile } from "../../scripts/ota/update-file.js";
import { encodeProvisioning } from "../../scripts/provision/provisioning.js";
import { built, type CommandEnd, sertao } from "./sertao-command.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sertao-config-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const before = readProvisioning(
  Uint8Array.from(
    encodeProvisioning({
      device: "d1",
      incarnation: 1,
      brokerHost: "old.example",
      brokerPort: 8883,
      password: "old password",
      wifiNetwork: "old network",
      wifiPassword: "old wifi password",
    }),
  ).buffer,
);

const make = (args: string[], secrets: object = {}): Promise<CommandEnd> =>
  sertao(folder, ["ota", "config", "-o", "c.cfg", ...args], {}, JSON.stringify(secrets));

/** What a device has of network and broker with the configuration that was made. */
function after(): object {
  const bytes = Uint8Array.from(readFileSync(join(folder, "c.cfg")));
  const provisioning = { ...before };
  expect(configure(provisioning, bytes.buffer, bytes.length)).toBe(true);
  const { host, port, password, network, networkPassword } = provisioning;
  return { host, port, password, network, networkPassword };
}

describe.skipIf(!built)("sertao ota config (needs dist)", () => {
  test("makes what a device takes in place of its provisioning, and prints no secret", async () => {
    const old = {
      host: "old.example",
      port: 8883,
      password: "old password",
      network: "old network",
      networkPassword: "old wifi password",
    };
    const secrets = { wifi: "Fazenda", wifiPassword: "hunter22222", password: "correcthorse" };
    const all = await make(["--broker", "10.0.0.5:1884", "--from", "-"], secrets);
    expect(all).toMatchObject({ status: 0, stderr: "" });
    expect(all.stdout).toMatch(/^c\.cfg: broker 10\.0\.0\.5:1884, Wi-Fi Fazenda, MQTT password; \d+ bytes/);
    expect(all.stdout).not.toMatch(/hunter|correct/);
    expect(statSync(join(folder, "c.cfg")).mode & 0o777).toBe(0o600);
    const { wifi: network, wifiPassword: networkPassword, password } = secrets;
    expect(after()).toEqual({ host: "10.0.0.5", port: 1884, password, network, networkPassword });
    await make(["--broker", "b"]);
    expect(after()).toEqual({ ...old, host: "b", port: 1883 });
    await make(["--wifi", "open", "--from", "-"], { wifiPassword: "" });
    expect(after()).toEqual({ ...old, network: "open", networkPassword: "" });
  });

  test("is signed as one", async () => {
    const env = { XDG_STATE_HOME: join(folder, "state"), PASSPHRASE: "rain in the sertao" };
    const pass = ["--passphrase-env", "PASSPHRASE"];
    await make(["--broker", "b"]);
    expect((await sertao(folder, ["ota", "keygen", ...pass], env)).status).toBe(0);
    const sign = ["ota", "sign", "c.cfg", "--kind", "config", "--application", "orchard-frost", ...pass];
    expect(await sertao(folder, sign, env)).toMatchObject({ status: 0, stderr: "" });
    const shown = await sertao(folder, ["ota", "inspect", "c.cfg.update", "--json"], env);
    expect(shown.status).toBe(0);
    expect(shown.stdout).toContain('"config"');
    const { image } = decodeUpdateFile(readFileSync(join(folder, "c.cfg.update")), "c.cfg.update");
    expect(Buffer.from(image)).toEqual(readFileSync(join(folder, "c.cfg")));
  });

  test.each<[string[], object, string]>([
    [[], {}, "CONFIGURATION_EMPTY"],
    [["--wifi", "n"], {}, "SECRET_MISSING"],
    [["--from", "-"], { wifi: "n", wifiPassword: "short" }, "PROVISION_WIFI"],
    [["--from", "-"], { wifi: "ção", wifiPassword: "long enough" }, "PROVISION_WIFI"],
    [["--from", "-"], { password: "" }, "PROVISION_PASSWORD"],
    [["--broker", "b:0"], {}, "PROVISION_BROKER"],
    [["--from", "-"], { pasword: "typo" }, "SECRETS_FILE"],
  ])("with %j and %j ends with status 2 and writes nothing", async (args, secrets, code) => {
    const { status, stdout, stderr } = await make(args, secrets);
    expect(stderr).toMatch(new RegExp(`^sertao: ${code}: [^\\n]*\\n$`));
    expect([status, stdout]).toEqual([2, ""]);
    expect(() => readFileSync(join(folder, "c.cfg"))).toThrow(/ENOENT/);
  });
});

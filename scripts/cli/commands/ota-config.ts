import type { Command } from "commander";
import { secretMissing } from "../../errors/provision.js";
import { encodeConfiguration, type WantedConfiguration } from "../../provision/configuration.js";
import { needsWifiPassword } from "../../provision/make-provisioning.js";
import { writePrivately } from "../../provision/private-file.js";
import { readSecrets } from "../../provision/secrets-file.js";
import { askWifiPassword } from "../ask-provisioning.js";
import { printJson } from "./fleet-store.js";

interface Options {
  broker?: string;
  wifi?: string;
  from?: string;
  output: string;
  json?: true;
}

/** `sertao ota config`. */
export function otaConfigCommand(ota: Command): void {
  ota
    .command("config")
    .description("make a configuration to sign: another network, broker or password for devices that run")
    .option("--broker <host[:port]>", "the MQTT broker, port 1883 where none is given")
    .option("--wifi <name>", "Wi-Fi network; its password is asked for, or comes with --from")
    .option("--from <file>", 'JSON with "broker", "wifi", "wifiPassword", "password"; - reads standard input')
    .requiredOption("-o, --output <file>", "where to write it; only its owner may read it")
    .option("--json", "print what it changes, without secrets, as JSON")
    .action(makeConfiguration);
}

async function makeConfiguration({ broker, wifi, from, output, json }: Options): Promise<void> {
  const wanted: WantedConfiguration = {
    ...(from === undefined ? {} : readSecrets(from)),
    ...(broker !== undefined && { broker }),
    ...(wifi !== undefined && { wifi }),
  };
  if (needsWifiPassword(wanted, undefined)) {
    if (!process.stdin.isTTY || !process.stderr.isTTY || from !== undefined)
      throw secretMissing("The password of the Wi-Fi network");
    Object.assign(wanted, { wifiPassword: await askWifiPassword() });
  }
  const image = encodeConfiguration(wanted);
  writePrivately(output, image);
  const changes = {
    broker: wanted.broker,
    wifi: wanted.wifi === "" ? undefined : wanted.wifi,
    password: wanted.password !== undefined,
  };
  if (json) printJson({ file: output, bytes: image.length, ...changes });
  else process.stdout.write(report(output, image.length, changes));
}

interface Changes {
  readonly broker: string | undefined;
  readonly wifi: string | undefined;
  readonly password: boolean;
}

function report(file: string, bytes: number, { broker, wifi, password }: Changes): string {
  const changed = [
    ...(broker === undefined ? [] : [`broker ${broker}`]),
    ...(wifi === undefined ? [] : [`Wi-Fi ${wifi}`]),
    ...(password ? ["MQTT password"] : []),
  ];
  return (
    `${file}: ${changed.join(", ")}; ${bytes} bytes (for your eyes only)\n` +
    `next: sertao ota sign ${file} --kind config --application APP\n`
  );
}

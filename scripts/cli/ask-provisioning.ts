import { isCancel, password, text } from "@clack/prompts";
import { promptCancelled } from "../errors/provision.js";
import { formatBroker } from "../provision/broker-address.js";
import { needsWifiPassword } from "../provision/make-provisioning.js";
import type { Provisioning } from "../provision/provisioning.js";
import type { WantedProvisioning } from "../provision/secrets-file.js";

const output = process.stderr;

/**
 * Asks on the terminal for what is still missing. Passwords are not shown, not even by their length.
 * @throws SertaoError PROMPT_CANCELLED
 */
export async function askProvisioning(
  given: WantedProvisioning,
  previous: Provisioning | undefined,
): Promise<WantedProvisioning> {
  const wanted = { ...given };
  const known = previous && formatBroker({ host: previous.brokerHost, port: previous.brokerPort });
  wanted.broker ??= await answer(text({ message: "Broker, HOST or HOST:PORT", ...defaultsTo(known), output }));
  wanted.wifi ??= await answer(
    text({ message: "Wi-Fi network (empty for none)", ...defaultsTo(previous?.wifiNetwork ?? ""), output }),
  );
  if (needsWifiPassword(wanted, previous)) wanted.wifiPassword = await askWifiPassword();
  if (wanted.password === undefined) {
    const typed = await answer(secret("MQTT password (empty draws one)"));
    if (typed !== "") wanted.password = typed;
  }
  return wanted;
}

/** Asks for the password of a Wi-Fi network. @throws SertaoError PROMPT_CANCELLED */
export function askWifiPassword(): Promise<string> {
  return answer(secret("Password of the network (empty for an open one)"));
}

function defaultsTo(value: string | undefined): { defaultValue?: string; placeholder?: string } {
  return value === undefined ? {} : { defaultValue: value, placeholder: value };
}

function secret(message: string): Promise<string | symbol> {
  return password({ message, mask: "", output });
}

async function answer(asked: Promise<string | symbol>): Promise<string> {
  const typed = await asked;
  if (isCancel(typed)) throw promptCancelled();
  return (typed as string | undefined) ?? "";
}

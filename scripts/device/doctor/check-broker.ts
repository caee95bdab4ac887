import mqtt, { type IClientOptions } from "mqtt";
import { formatBroker } from "../../provision/broker-address.js";
import type { Provisioning } from "../../provision/provisioning.js";
import { type Check, finding, ok } from "./check.js";

const CONNECT_TIMEOUT_MS = 5_000;
/** Return codes of CONNACK (MQTT 3.1.1 §3.2.2.3). */
const REFUSALS: Readonly<Record<number, string>> = {
  1: "it does not speak MQTT 3.1.1",
  2: "it does not take the device id as client id",
  3: "it is not available",
  4: "user name or password are wrong",
  5: "it does not let the device in",
};

/**
 * Logs in at the device's broker as the device does, from this machine, and leaves at once. The session that the broker
 * keeps for the device stays as it is: nothing is acknowledged or subscribed. Where the device is connected, it is
 * thrown out, and connects again.
 */
export function checkBroker(provisioning: Provisioning): Promise<Check> {
  const { brokerHost: host, brokerPort: port, device, password } = provisioning;
  const address = formatBroker({ host, port });
  const options: IClientOptions = {
    host,
    port,
    protocol: "mqtt",
    protocolVersion: 4,
    clientId: device,
    username: device,
    ...(password !== undefined && { password }),
    clean: false,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    resubscribe: false,
  };
  return new Promise((resolve) => {
    const client = mqtt.connect(options);
    const settle = (check: Check): void => {
      clearTimeout(timer);
      client.end(true);
      resolve(check);
    };
    const unreachable = (cause: string): Check =>
      finding(
        "broker",
        `No broker answers at ${address}: ${cause}.`,
        "Check host and port in the provisioning, that the broker runs, and that the device's network reaches it.",
      );
    const timer = setTimeout(() => settle(unreachable("time-out")), CONNECT_TIMEOUT_MS);
    // What waits for the device must go on waiting: without an end to its handling nothing is acknowledged.
    client.handleMessage = () => undefined;
    client.once("connect", () => settle(ok("broker", `${address} lets ${device} in.`)));
    client.once("close", () => settle(unreachable("the connection was closed")));
    client.once("error", (error) =>
      settle(refused(error) ?? unreachable(error.message.replace(/\.$/, "") || codeOf(error))),
    );
    function refused(error: Error): Check | undefined {
      const why = REFUSALS[Number(codeOf(error))];
      if (why === undefined) return undefined;
      const remedy =
        "Provision the device with the password that the broker has for it (sertao provision, sertao fleet password), and give the broker the rules of sertao fleet acl.";
      return finding("broker", `${address} refuses ${device}: ${why}.`, remedy);
    }
  });
}

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : "unknown";
}

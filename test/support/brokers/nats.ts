import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findCommand } from "../../../scripts/engine/find-command.js";
import type { Broker, BrokerPlace } from "../../../scripts/simulate/brokers/broker.js";
import { freePort } from "../../../scripts/simulate/brokers/free-port.js";
import { startServerProcess } from "../../../scripts/simulate/brokers/server-process.js";

/** The server's command, or undefined: tests that need it are skipped by name. */
export const natsCommand = findCommand("nats-server");

/** Starts a NATS server with JetStream and MQTT on a loopback port. It keeps sessions and messages in its folder. */
export async function startNats(place: BrokerPlace = {}): Promise<Broker> {
  if (natsCommand === undefined) throw new Error("nats-server is missing");
  return await startServerProcess("nats", natsCommand, place, async (port, folder) => {
    const file = join(folder, "nats.conf");
    const lines = [
      "server_name: sertao_test",
      `listen: "127.0.0.1:${await freePort()}"`,
      `jetstream { store_dir: "${folder}/jetstream" }`,
      `mqtt { listen: "127.0.0.1:${port}", ack_wait: "5s" }`,
    ];
    writeFileSync(file, lines.join("\n") + "\n");
    return ["-c", file];
  });
}

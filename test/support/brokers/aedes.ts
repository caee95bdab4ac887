import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { Aedes } from "aedes";
import type { AedesOptions } from "aedes";
import type { Broker, BrokerPlace } from "../../../scripts/simulate/brokers/broker.js";

/** An aedes in this process, and the object itself for its hooks. */
export interface AedesBroker extends Broker {
  readonly aedes: Aedes;
}

/** Starts aedes in this process on a loopback port. It keeps its sessions in memory: a restart forgets them. */
export async function startAedes(place: BrokerPlace = {}, options: AedesOptions = {}): Promise<AedesBroker> {
  const aedes = await Aedes.createBroker(options);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    aedes.handle(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(place.port ?? 0, "127.0.0.1", resolve);
  });
  let over: Promise<void> | undefined;
  const end = (): Promise<void> =>
    (over ??= new Promise<void>((resolve) => {
      server.close();
      for (const socket of sockets) socket.destroy();
      aedes.close(() => {
        resolve();
      });
    }));
  const { port } = server.address() as AddressInfo;
  return { name: "aedes", port, folder: "", aedes, stop: end, kill: end, dispose: end };
}

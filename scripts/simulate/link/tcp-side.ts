import { connect, type Socket } from "node:net";
import { pipeline, type Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { brokerAddress, brokerUnreachable } from "../../errors/fleet.js";
import { brokerName } from "../../fleet/collector/external-broker.js";
import type { BrokerSide } from "../simulation.js";

const MQTT_PORT = 1883;
const MQTT_TLS_PORT = 8883;
const FIRST_ANSWER_MS = 10_000;

/** A broker that other processes hold. */
export interface TcpSide extends BrokerSide {
  /** Closes what devices left open: one that lost its power says no farewell. */
  close(): void;
}

/**
 * A broker behind real TCP (`mqtt://host:port`, or `mqtts:` for TLS). Time goes at real pace, so there is nothing to
 * wait for. It is reached once before anything runs: later its absence is what devices are made for.
 * @throws SertaoError BROKER_ADDRESS, BROKER_UNREACHABLE
 */
export async function tcpSide(url: string): Promise<TcpSide> {
  const name = brokerName(url);
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== "mqtt:" && protocol !== "mqtts:") throw brokerAddress(name);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const dial = (): Socket =>
    protocol === "mqtts:"
      ? connectTls({ host, servername: host, port: Number(port || MQTT_TLS_PORT) })
      : connect({ host, port: Number(port || MQTT_PORT), noDelay: true });
  await reach(dial(), protocol === "mqtts:" ? "secureConnect" : "connect", name);
  const sockets = new Set<Socket>();
  return {
    attach(stream: Duplex): void {
      const socket = dial();
      sockets.add(socket);
      // Either end's failure ends both; a device sees it as the broker closing.
      pipeline(stream, socket, stream, () => {
        sockets.delete(socket);
        socket.destroy();
        stream.destroy();
      });
    },
    settled: () => Promise.resolve(),
    close(): void {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function reach(socket: Socket, event: "connect" | "secureConnect", name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      socket.destroy();
      reject(brokerUnreachable(name, error.message || (error.code ?? "no reason given")));
    };
    socket.setTimeout(FIRST_ANSWER_MS, () => fail(new Error("no answer")));
    socket.once("error", fail);
    socket.once(event, () => {
      socket.destroy();
      resolve();
    });
  });
}

import { connect } from "node:net";
import { pipeline, type Duplex } from "node:stream";
import type { BrokerSide } from "../simulation.js";

const MQTT_PORT = 1883;

/** A broker behind real TCP (`mqtt://host:port`). Time goes at real pace, so there is nothing to wait for. */
export function tcpSide(url: string): BrokerSide {
  const { hostname, port } = new URL(url);
  return {
    attach(stream: Duplex): void {
      const socket = connect({ host: hostname, port: port === "" ? MQTT_PORT : Number(port), noDelay: true });
      // Either end's failure ends both; a device sees it as the broker closing.
      pipeline(stream, socket, stream, () => {
        socket.destroy();
        stream.destroy();
      });
    },
    settled: () => Promise.resolve(),
  };
}

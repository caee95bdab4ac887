import { connect as connectTcp } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Connection, ConnectionEvents, Transport } from "../../../lib/hal/transport.js";

/** TLS settings: the certificate to trust. */
export interface NodeTransportOptions {
  ca?: string;
}

/** The device's transport over Node's sockets, so that device code can talk to real brokers. */
export class NodeTransport implements Transport {
  constructor(private readonly options: NodeTransportOptions = {}) {}

  open(host: string, port: number, events: ConnectionEvents): Connection {
    const { ca } = this.options;
    const socket: Socket =
      ca === undefined
        ? connectTcp({ host, port, noDelay: true })
        : connectTls({ host, port, ca, servername: "localhost" });
    let closed = false;
    socket.once(ca === undefined ? "connect" : "secureConnect", () => {
      if (!closed) events.onOpen();
    });
    socket.on("data", (bytes: Buffer) => {
      if (!closed) events.onData(new Uint8Array(bytes));
    });
    socket.on("error", () => undefined);
    socket.once("close", () => {
      if (closed) return;
      closed = true;
      events.onClose();
    });
    return {
      write(bytes, length): void {
        socket.write(Buffer.from(bytes.subarray(0, length)), () => {
          if (!closed) events.onDrain();
        });
      },
      close(): void {
        closed = true;
        socket.end();
        socket.destroySoon();
      },
    };
  }
}

import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { LinkConnection } from "../link/connection.js";
import type { Link } from "../link/link.js";

/** A loopback TCP port behind which lies the simulated link: what a real engine connects to in place of the broker. */
export class LinkProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(link: Link) {
    this.#server = createServer({ noDelay: true }, (socket) => this.#join(socket, link));
  }

  static async open(link: Link): Promise<LinkProxy> {
    const proxy = new LinkProxy(link);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen(0, "127.0.0.1", resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(socket: Socket, link: Link): void {
    const early: Uint8Array[] = [];
    let connection: LinkConnection | undefined;
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      if (connection === undefined) early.push(bytes);
      else connection.write(Uint8Array.from(bytes));
    });
    socket.once("close", () => {
      this.#sockets.delete(socket);
      connection?.end();
    });
    link.dial({
      opened: (opened) => {
        connection = opened;
        if (socket.destroyed) return opened.end();
        for (const bytes of early) opened.write(Uint8Array.from(bytes));
      },
      failed: () => socket.destroy(),
      received: (bytes) => void socket.write(bytes),
      closed: () => socket.destroy(),
    });
  }
}

import { readFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { listenAddress, listenFailed, portInUse, tlsFiles } from "../../errors/fleet.js";

const MAX_CONNECTIONS = 10_000;
const MAX_PORT = 65535;

/** Where to listen. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Files of a certificate chain and its key, in PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** Parses HOST:PORT, [IPV6]:PORT included. @throws SertaoError LISTEN_ADDRESS */
export function parseAddress(text: string): Address {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:]+)\]|([^:\s[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > MAX_PORT) throw listenAddress(text);
  return { host, port };
}

/** HOST:PORT of an address. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** True for an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}

/** A TCP or TLS server that hands its sockets on. */
export class Listener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, accept: (socket: Socket) => void, isTls: boolean) {
    this.#server = server;
    server.maxConnections = MAX_CONNECTIONS;
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    server.on(isTls ? "secureConnection" : "connection", accept);
  }

  /**
   * Listens; port 0 takes a free one.
   * @throws SertaoError TLS_FILES, PORT_IN_USE, LISTEN_FAILED
   */
  static async open(address: Address, tls: TlsFiles | undefined, accept: (socket: Socket) => void): Promise<Listener> {
    const server = tls === undefined ? createServer() : secureServer(tls);
    const listener = new Listener(server, accept, tls !== undefined);
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) => {
        const text = formatAddress(address);
        reject(error.code === "EADDRINUSE" ? portInUse(text) : listenFailed(text, error.message));
      });
      server.listen(address.port, address.host, resolve);
    });
    return listener;
  }

  /** Where it listens, with the port that was taken. */
  get address(): Address {
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#sockets) socket.destroy();
    });
  }
}

function secureServer(files: TlsFiles): Server {
  try {
    return createTlsServer({ cert: readFileSync(files.cert), key: readFileSync(files.key) });
  } catch (error) {
    throw tlsFiles(error instanceof Error ? error.message : String(error));
  }
}

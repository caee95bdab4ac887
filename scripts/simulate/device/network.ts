import type { SeededRandom } from "../../readings/seeded-random.js";
import type { LinkConnection } from "../link/connection.js";
import type { Link } from "../link/link.js";

/** What the network stack needs of its device. */
export interface NetworkOwner {
  /** Calls `run` in the device's loop, unless it was switched off meanwhile. */
  later(delayMs: number, run: () => void): void;
  /** The interpreter stands still for a while. */
  block(durationMs: number): void;
  deliver(entry: string, ...values: (number | string | boolean | ArrayBuffer)[]): void;
}

interface Socket {
  connection: LinkConnection | undefined;
  unsent: Uint8Array;
  connected: boolean;
  ending: boolean;
  passing: boolean;
}

/** Bytes that leave per idle pass of the interpreter. */
const PASS_BYTES = 536;
const PASS_MS = 1;
/** Part of the failing attempts at which the name is not found either. */
const LOOK_UP_FAILS = 0.5;
const MAX_SOCKETS = 10;

/** Espruino's socket layer on the ESP32 above a simulated link. It goes with its boot. */
export class DeviceNetwork {
  readonly #sockets = new Map<number, Socket>();
  #lastId = 0;

  constructor(
    private readonly link: Link,
    private readonly random: SeededRandom,
    /** The only name that there is; undefined where every name leads to the broker. */
    private readonly brokerHost: string | undefined,
    private readonly owner: NetworkOwner,
  ) {}

  /** Starts to connect. Throws where a name cannot be looked up, after the interpreter stood still for it. */
  open(host: string): number {
    if (this.#sockets.size >= MAX_SOCKETS) throw new Error("Unable to create socket");
    const isName = !/^[\d.]+$/.test(host);
    const isKnown = this.brokerHost === undefined || host === this.brokerHost;
    // Every address leads to the broker.
    if (isName && (!isKnown || (!this.link.up && this.random.uniform() < LOOK_UP_FAILS))) {
      this.owner.block(this.link.connectTimeoutMs / 3);
      throw new Error("Unable to locate host");
    }
    const id = ++this.#lastId;
    const socket: Socket = {
      connection: undefined,
      unsent: new Uint8Array(0),
      connected: false,
      ending: false,
      passing: false,
    };
    this.#sockets.set(id, socket);
    this.link.dial({
      opened: (connection) => this.#opened(id, socket, connection),
      failed: () => this.#failed(id),
      received: (bytes) => this.#deliver(id, "netData", bytes.slice().buffer),
      closed: (hadError) => this.#closed(id, hadError),
    });
    return id;
  }

  write(id: number, bytes: Uint8Array): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined || socket.ending) return;
    const joined = new Uint8Array(socket.unsent.length + bytes.length);
    joined.set(socket.unsent);
    joined.set(bytes, socket.unsent.length);
    socket.unsent = joined;
    this.#pass(id, socket);
  }

  end(id: number): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    socket.ending = true;
    this.#pass(id, socket);
  }

  /** The device is off. */
  abandon(): void {
    for (const socket of this.#sockets.values()) socket.connection?.abandon();
    this.#sockets.clear();
  }

  #opened(id: number, socket: Socket, connection: LinkConnection): void {
    if (this.#sockets.get(id) !== socket) return connection.abandon();
    socket.connection = connection;
    socket.connected = true;
    // The empty buffer has drained, says Espruino, and only then that it is connected.
    this.owner.later(0, () => {
      this.owner.deliver("netDrain", id);
      this.owner.deliver("netConnected", id);
    });
    this.#pass(id, socket);
  }

  #failed(id: number): void {
    this.owner.later(0, () => {
      if (!this.#sockets.delete(id)) return;
      // Some failures say "error" alone, some "close" too.
      const isLast = this.random.uniform() < 0.5;
      this.owner.deliver("netError", id, -1, "no response", isLast);
      if (!isLast) this.owner.deliver("netClose", id, true);
    });
  }

  #closed(id: number, hadError: boolean): void {
    this.owner.later(0, () => {
      if (!this.#sockets.delete(id)) return;
      if (hadError) this.owner.deliver("netError", id, -2, "connection reset", false);
      this.owner.deliver("netClose", id, hadError);
    });
  }

  #deliver(id: number, entry: string, bytes: ArrayBuffer): void {
    this.owner.later(0, () => {
      if (this.#sockets.has(id)) this.owner.deliver(entry, id, bytes);
    });
  }

  #pass(id: number, socket: Socket): void {
    if (socket.passing || !(socket.connected || socket.ending)) return;
    socket.passing = true;
    this.owner.later(PASS_MS, () => {
      socket.passing = false;
      if (this.#sockets.get(id) !== socket) return;
      const count = Math.min(PASS_BYTES, socket.unsent.length);
      if (count > 0) socket.connection?.write(socket.unsent.slice(0, count));
      socket.unsent = socket.unsent.slice(count);
      if (socket.unsent.length > 0 && socket.connected) return this.#pass(id, socket);
      if (count > 0) this.owner.deliver("netDrain", id);
      if (socket.ending) this.#finish(id, socket);
      else if (socket.unsent.length > 0) this.#pass(id, socket);
    });
  }

  #finish(id: number, socket: Socket): void {
    this.#sockets.delete(id);
    socket.connection?.end();
    this.owner.deliver("netClose", id, false);
  }
}

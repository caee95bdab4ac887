import { Duplex } from "node:stream";
import { PacketLimit } from "./packet-limit.js";

/** What a guarded connection tells. */
export interface ConnectionWatch {
  /** Bytes passed in either direction, or the connection ended. */
  activity(): void;
}

/**
 * The broker's view of a connection: the same bytes, cut off at a packet that is too long before anything buffers it,
 * with every movement reported.
 */
export class GuardedConnection extends Duplex {
  readonly #inner: Duplex;
  readonly #watch: ConnectionWatch;
  readonly #limit: PacketLimit;

  constructor(inner: Duplex, maxPacketBytes: number, watch: ConnectionWatch) {
    super();
    this.#inner = inner;
    this.#watch = watch;
    this.#limit = new PacketLimit(maxPacketBytes);
    inner.on("data", (chunk: Buffer) => this.#take(chunk));
    inner.on("end", () => {
      watch.activity();
      this.push(null);
    });
    inner.on("error", (error) => this.destroy(error));
    inner.on("close", () => this.destroy());
  }

  #take(chunk: Buffer): void {
    this.#watch.activity();
    if (!this.#limit.accepts(chunk)) this.destroy(new Error("a packet is too long"));
    else if (!this.push(chunk)) this.#inner.pause();
  }

  override _read(): void {
    this.#inner.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#watch.activity();
    this.#inner.write(chunk, encoding, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#watch.activity();
    this.#inner.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.#inner.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#watch.activity();
    this.#inner.destroy();
    done(error);
  }
}

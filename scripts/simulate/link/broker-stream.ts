import { Duplex } from "node:stream";

/** What the link hears from the broker's end. */
export interface BrokerEnd {
  sent(bytes: Uint8Array): void;
  /** The broker has closed its side. */
  closed(): void;
}

/** The broker's end of a simulated connection. */
export class BrokerStream extends Duplex {
  readonly #end: BrokerEnd;

  constructor(end: BrokerEnd) {
    super({ highWaterMark: 1 << 20 });
    this.#end = end;
    this.on("error", () => undefined);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#end.sent(Uint8Array.from(chunk));
    done();
  }

  override _final(done: () => void): void {
    this.#end.closed();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#end.closed();
    done(error);
  }
}

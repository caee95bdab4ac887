import type { Connection, ConnectionEvents, Transport } from "../../lib/hal/transport.js";

/** What happens to one connection. */
export interface Fault {
  /** The connection breaks after this many bytes from the client have passed. */
  cutAfterSent?: number;
  /** The connection breaks after this many bytes from the broker have passed. */
  cutAfterReceived?: number;
  /** PUBACKs do not arrive. */
  losePubacks?: boolean;
}

/** A transport over another one, whose first connections suffer the given faults. Later ones are sound. */
export class CuttingTransport implements Transport {
  /** Bytes that have passed over the first connection. */
  sent = 0;
  received = 0;
  #faults: Fault[];

  constructor(
    private readonly inner: Transport,
    ...faults: Fault[]
  ) {
    this.#faults = faults;
  }

  open(host: string, port: number, events: ConnectionEvents): Connection {
    const fault = this.#faults.shift() ?? {};
    let sent = 0;
    let received = 0;
    let over = false;
    const cut = (): void => {
      over = true;
      inner.close();
      setImmediate(() => {
        events.onClose();
      });
    };
    const inner = this.inner.open(host, port, {
      onOpen: () => {
        if (!over) events.onOpen();
      },
      onData: (bytes) => {
        if (over) return;
        const passed = fault.losePubacks === true && bytes[0] === 0x40 ? new Uint8Array(0) : bytes;
        const room = (fault.cutAfterReceived ?? Infinity) - received;
        received += passed.length;
        this.received = Math.max(this.received, received);
        if (passed.length > 0) events.onData(passed.subarray(0, Math.min(room, passed.length)));
        if (passed.length >= room && !over) cut();
      },
      onDrain: () => {
        if (!over) events.onDrain();
      },
      onClose: () => {
        if (!over) events.onClose();
      },
    });
    return {
      write: (bytes, length) => {
        const room = (fault.cutAfterSent ?? Infinity) - sent;
        sent += length;
        this.sent = Math.max(this.sent, sent);
        if (room > 0) inner.write(bytes, Math.min(room, length));
        if (length >= room) cut();
      },
      close: () => {
        over = true;
        inner.close();
      },
    };
  }
}

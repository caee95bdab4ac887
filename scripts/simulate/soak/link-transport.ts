import type { Connection, ConnectionEvents, Transport } from "../../../lib/hal/transport.js";
import type { LinkConnection } from "../link/connection.js";
import type { Link } from "../link/link.js";
import type { AirMeter, MeteredConnection } from "./air-meter.js";

/** What a write takes to leave the device. */
const DRAIN_MS = 1;

/** The transport of one boot over a simulated link, with its bytes counted. */
export class LinkTransport implements Transport {
  readonly #link: Link;
  readonly #meter: AirMeter;
  readonly #enter: (run: () => void) => void;
  readonly #open = new Set<LinkConnection>();
  #abandoned = false;

  /** @param enter runs what happens as the device's own code */
  constructor(link: Link, meter: AirMeter, enter: (run: () => void) => void) {
    this.#link = link;
    this.#meter = meter;
    this.#enter = enter;
  }

  open(_host: string, _port: number, events: ConnectionEvents): Connection {
    const meter = this.#meter.connection();
    let connection: LinkConnection | undefined;
    let over = false;
    const tell = (what: () => void): void => {
      if (!over && !this.#abandoned) this.#enter(what);
    };
    const ended = (): void => {
      if (over) return;
      if (connection !== undefined) this.#open.delete(connection);
      tell(() => {
        over = true;
        events.onClose();
      });
    };
    this.#link.dial({
      opened: (made) => {
        if (over || this.#abandoned) return made.abandon();
        connection = made;
        this.#open.add(made);
        tell(() => events.onOpen());
      },
      failed: ended,
      received: (bytes) => tell(() => receive(meter, bytes, events)),
      closed: ended,
    });
    return {
      write: (bytes, length) => {
        const copy = bytes.slice(0, length);
        meter.sent(copy);
        connection?.write(copy);
        this.#link.scheduler.after(DRAIN_MS, () => tell(() => events.onDrain()));
      },
      close: () => {
        over = true;
        if (connection === undefined) return;
        this.#open.delete(connection);
        connection.end();
      },
    };
  }

  /** The device is off: nobody tells the broker. */
  abandon(): void {
    this.#abandoned = true;
    for (const connection of this.#open) connection.abandon();
    this.#open.clear();
  }
}

function receive(meter: MeteredConnection, bytes: Uint8Array, events: ConnectionEvents): void {
  meter.received(bytes);
  events.onData(bytes);
}

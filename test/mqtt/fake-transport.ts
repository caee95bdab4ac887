import type { Connection, ConnectionEvents, Transport } from "../../lib/hal/transport.js";

/** One connection as its test sees it. Nothing happens to it unless the test says so. */
export class FakeConnection implements Connection {
  /** Everything the client wrote. */
  readonly written: number[] = [];
  writes = 0;
  /** Writes that have not drained. The contract allows one. */
  outstanding = 0;
  closed = false;

  constructor(
    readonly host: string,
    readonly port: number,
    private readonly events: ConnectionEvents,
    private readonly onWrite: (connection: FakeConnection) => void,
  ) {}

  write(bytes: Uint8Array, length: number): void {
    if (this.closed) throw new Error("write after close");
    if (++this.outstanding > 1) throw new Error("a second write before onDrain");
    if (length < 1 || length > bytes.length) throw new Error(`write of ${length} bytes`);
    this.writes++;
    this.written.push(...bytes.subarray(0, length));
    this.onWrite(this);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    if (!this.closed) this.events.onOpen();
  }

  drain(): void {
    this.outstanding = 0;
    if (!this.closed) this.events.onDrain();
  }

  /** Bytes from the broker. */
  data(bytes: ArrayLike<number>): void {
    if (!this.closed) this.events.onData(Uint8Array.from(bytes));
  }

  /** The network or the broker ends the connection. */
  drop(): void {
    if (this.closed) return;
    this.closed = true;
    this.events.onClose();
  }
}

/** Hands out connections that the test plays. */
export class FakeTransport implements Transport {
  readonly connections: FakeConnection[] = [];
  /** Called at each write, from within it: note, and act later. */
  onWrite: (connection: FakeConnection) => void = () => undefined;

  open(host: string, port: number, events: ConnectionEvents): Connection {
    const connection = new FakeConnection(host, port, events, (one) => {
      this.onWrite(one);
    });
    this.connections.push(connection);
    return connection;
  }

  /** The newest connection. */
  get last(): FakeConnection {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error("no connection was opened");
    return last;
  }
}

import type { Duplex } from "node:stream";
import type { BrokerSide } from "../../../scripts/simulate/simulation.js";

/** A broker's place that keeps what arrives, and lets a test answer. */
export class FakeBroker implements BrokerSide {
  readonly streams: Duplex[] = [];
  readonly received: Buffer[] = [];
  ended = 0;

  constructor(private readonly answer: (bytes: Buffer, stream: Duplex) => void = () => undefined) {}

  attach(stream: Duplex): void {
    this.streams.push(stream);
    stream.on("data", (bytes: Buffer) => {
      this.received.push(bytes);
      this.answer(bytes, stream);
    });
    stream.on("close", () => this.ended++);
  }

  async settled(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  get text(): string {
    return Buffer.concat(this.received).toString("latin1");
  }
}

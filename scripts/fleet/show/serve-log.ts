import type { FleetCounts, FleetObserver } from "../fleet.js";
import { timeText } from "./time-text.js";
import { reasonText, stateText } from "./update-text.js";

/** The same problem is told again after this long. */
const REPEAT_MS = 60_000;
/** Names of CONNACK codes, MQTT 3.1.1 §3.2.2.3. */
const REFUSALS: Readonly<Record<number, string>> = {
  2: "not a device id",
  3: "the password could not be checked",
  4: "wrong user name or password",
  5: "the user name is not the client id",
};

/** What `sertao fleet serve` prints while it runs: a line per connection, and counts when they have changed. */
export class ServeLog {
  readonly #out: NodeJS.WritableStream;
  readonly #problems: NodeJS.WritableStream;
  readonly #told = new Map<string, number>();
  /** Devices and updates that were told of: of what is published, so they are as many at most. */
  readonly #fetching = new Set<string>();
  #lastCount = "";

  constructor(out: NodeJS.WritableStream, problems: NodeJS.WritableStream) {
    this.#out = out;
    this.#problems = problems;
  }

  readonly observer: FleetObserver = {
    connected: (device) => this.#line(`${device} connected`),
    disconnected: (device, reason) => this.#line(`${device} disconnected: ${reason}`),
    refused: (client, code) => this.#line(`${printable(client)} refused: ${REFUSALS[code] ?? code}`),
    offered: (device, update) =>
      this.#line(
        update === undefined ? `${device} is offered no update` : `${device} is offered update ${update.sequence}`,
      ),
    requested: (device, request) => this.#requested(device, request.sequence),
    updateState: (device, sequence, state, reason) =>
      this.#line([`${device} update ${sequence}: ${stateText(state)}`, reasonText(reason)].filter(Boolean).join(": ")),
    updateKeyMissing: (device) =>
      this.problem(`${device} takes a MAC for a signature, and its key is not known: sertao fleet key ${device}`),
    brokerUp: () => this.#line("broker connected"),
    brokerDown: () => this.#line("broker gone; trying again"),
  };

  started(store: string, lines: readonly string[]): void {
    this.#out.write(`sertao fleet: results go to ${store}\n`);
    for (const line of lines) this.#out.write(`sertao fleet: ${line}\n`);
  }

  /** Prints the counts where they have changed. */
  count(counts: Readonly<FleetCounts>): void {
    const { messages, stored, repeats, conflicts, refused, blocks } = counts;
    const results = `${messages} messages, ${stored} results stored, ${repeats} repeats, ${conflicts} conflicts, ${refused} refused`;
    const text = blocks > 0 ? `${results}, ${blocks} blocks of updates sent` : results;
    if (text !== this.#lastCount) this.#line(text);
    this.#lastCount = text;
  }

  stopped(counts: Readonly<FleetCounts>): void {
    this.count(counts);
    this.#line("stopped");
  }

  /** Prints an error line, once a minute at most. */
  problem(text: string): void {
    const now = Date.now();
    if (now - (this.#told.get(text) ?? -Infinity) < REPEAT_MS) return;
    this.#told.set(text, now);
    this.#problems.write(`sertao: ${text}\n`);
  }

  /** A device asks for every block: one line says that it fetches. */
  #requested(device: string, sequence: number): void {
    const fetch = `${device} ${sequence}`;
    if (this.#fetching.has(fetch)) return;
    this.#fetching.add(fetch);
    this.#line(`${device} fetches update ${sequence}`);
  }

  #line(text: string): void {
    this.#out.write(`${timeText(Date.now())} ${text}\n`);
  }
}

/** A client id comes from the network: nothing that a terminal obeys gets through. */
function printable(text: string): string {
  return JSON.stringify(text.slice(0, 40).replace(/[^\x20-\x7e]/g, "?"));
}

import type { Duplex } from "node:stream";
import type { SeededRandom } from "../../readings/seeded-random.js";
import type { Cancel, Scheduler } from "../clock/scheduler.js";
import { LinkConnection, type Air, type ConnectionListener } from "./connection.js";
import type { LinkPhase, LinkProfile } from "./profile.js";

/** What a device hears of an attempt to connect. */
export interface DialListener extends ConnectionListener {
  opened(connection: LinkConnection): void;
  failed(): void;
}

export interface LinkOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly profile: LinkProfile;
  /** Gives a connection to the broker. */
  attach(stream: Duplex): void;
  /** The broker will have work. */
  disturbed(): void;
  trace(what: string): void;
}

const MINUTE_MS = 60_000;

/** One device's way to the broker: up, flaky and down by its own seed. */
export class Link implements Air {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  /** TCP payload bytes that went on the air, lost ones included. */
  bytesUp = 0;
  bytesDown = 0;
  /** Connections that the broker saw. */
  connections = 0;
  cuts = 0;
  /** Called when the state changes. */
  onState: ((state: LinkPhase["state"]) => void) | undefined;

  readonly #options: LinkOptions;
  readonly #open = new Set<LinkConnection>();
  #phase: LinkPhase;
  #nextPhase: Cancel = () => undefined;
  #nextCut: Cancel = () => undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.scheduler = options.scheduler;
    this.random = options.random;
    this.#phase = options.profile.phases[0]!;
    this.#enter(this.#phase);
  }

  get state(): LinkPhase["state"] {
    return this.#phase.state;
  }

  get up(): boolean {
    return this.#phase.state !== "down";
  }

  get connectTimeoutMs(): number {
    return this.#options.profile.connectTimeoutMs;
  }

  latencyMs(): number {
    const [least, most] = this.#phase.latencyMs;
    return least + (most - least) * this.random.uniform();
  }

  /** Tries to connect to the broker: a round trip, or a time-out. */
  dial(listener: DialListener): void {
    if (!this.up) {
      this.scheduler.after(this.connectTimeoutMs, () => listener.failed());
      return;
    }
    const answerMs = 2 * this.latencyMs();
    this.scheduler.after(answerMs, () => {
      if (!this.up) {
        this.scheduler.after(Math.max(0, this.connectTimeoutMs - answerMs), () => listener.failed());
        return;
      }
      this.connections++;
      const connection = new LinkConnection(this, listener, (stream) => this.#options.attach(stream));
      this.#open.add(connection);
      listener.opened(connection);
    });
  }

  /** Somebody has repaired the network: up from now on. */
  repair(): void {
    const good = { state: "up", minutes: [1, 1], weight: 1, latencyMs: [80, 800], cutMinutes: 0 } as const;
    this.#enter(good, Infinity);
  }

  countUp(bytes: Uint8Array): void {
    this.bytesUp += bytes.length;
    this.#options.trace(`> ${Buffer.from(bytes).toString("hex")}`);
  }

  countDown(bytes: Uint8Array): void {
    this.bytesDown += bytes.length;
    this.#options.trace(`< ${Buffer.from(bytes).toString("hex")}`);
  }

  disturbed(): void {
    this.#options.disturbed();
  }

  forget(connection: LinkConnection): void {
    this.#open.delete(connection);
  }

  #enter(phase: LinkPhase, minutes = this.#draw(phase.minutes)): void {
    const before = this.#phase.state;
    this.#phase = phase;
    this.#nextPhase();
    this.#nextCut();
    if (phase.state === "down") this.#severAll();
    if (phase.state !== before) {
      this.#options.trace(phase.state);
      this.onState?.(phase.state);
    }
    if (minutes !== Infinity) {
      this.#nextPhase = this.scheduler.after(minutes * MINUTE_MS, () => this.#enter(this.#choose()));
    }
    this.#planCut();
  }

  #choose(): LinkPhase {
    // A phase follows one of another state, where the profile has one: two outages in a row would be one.
    const { phases } = this.#options.profile;
    const others = phases.filter((phase) => phase.state !== this.#phase.state);
    const choice = others.length > 0 ? others : phases;
    let at = this.random.uniform() * choice.reduce((sum, phase) => sum + phase.weight, 0);
    return choice.find((phase) => (at -= phase.weight) < 0) ?? choice[0]!;
  }

  #planCut(): void {
    if (this.#phase.cutMinutes === 0) return;
    const delayMs = this.random.exponential(this.#phase.cutMinutes) * MINUTE_MS;
    this.#nextCut = this.scheduler.after(delayMs, () => {
      this.#severAll();
      this.#planCut();
    });
  }

  #severAll(): void {
    for (const connection of this.#open) {
      this.cuts++;
      this.#options.trace("cut");
      connection.sever();
    }
  }

  #draw([least, most]: readonly [number, number]): number {
    return least + (most - least) * this.random.uniform();
  }
}

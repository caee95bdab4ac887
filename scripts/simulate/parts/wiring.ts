import { Bme280Model } from "./bme280.js";
import { ContactModel, type Closures } from "./contact.js";
import { Ds18b20Model } from "./ds18b20.js";
import type { Fault, World } from "./fault.js";
import { faultAt } from "./fault-schedule.js";
import { I2cWire, type I2cChip, type I2cOutcome } from "./i2c-wire.js";
import { OneWireLine } from "./one-wire-line.js";
import type { FaultWindow, PartPlacement } from "./placement.js";
import { Sht4xModel } from "./sht4x.js";
import { VoltageModel } from "./voltage.js";

/** Closures of a contact, and what an engine needs to debounce them. */
export interface PinClosures extends Closures {
  readonly pin: string;
  readonly closedMs: number;
  readonly bounces: number;
  readonly bounceMs: number;
}

interface FaultyPart {
  readonly part: { fault: Fault };
  readonly windows: readonly FaultWindow[];
  last: Fault;
}

/** What is wired to one simulated device. Parts keep their supply when the device resets or sleeps. */
export class Wiring {
  readonly #i2c = new Map<string, I2cWire>();
  readonly #oneWire = new Map<string, OneWireLine>();
  readonly #voltages = new Map<string, { model: VoltageModel; supply: string | undefined }>();
  readonly #contacts = new Map<string, ContactModel>();
  /** Last byte that went into each shift register. */
  readonly #registers = new Map<string, number>();
  readonly #loopbacks = new Set<string>();
  readonly #high = new Set<string>();
  readonly #faulty: FaultyPart[] = [];

  /** @param world readings by milliseconds of the run, as all times here are */
  constructor(placements: readonly PartPlacement[], world: World) {
    for (const placement of placements) this.#place(placement, world);
  }

  i2cWrite(bus: string, address: number, bytes: Uint8Array, nowMs: number): I2cOutcome {
    this.#setFaults(nowMs);
    return this.#i2c.get(bus)?.write(address, bytes, nowMs) ?? "nack";
  }

  i2cRead(bus: string, address: number, into: Uint8Array, nowMs: number): I2cOutcome {
    this.#setFaults(nowMs);
    return this.#i2c.get(bus)?.read(address, into, nowMs) ?? "nack";
  }

  /** A shift register gives back each byte when the next pushes it out. Where no part is selected, nobody drives the line. */
  spi(bus: string, select: string, bytes: Uint8Array): Uint8Array {
    const name = `${bus} ${select}`;
    if (!this.#registers.has(name)) return bytes.map(() => 0xff);
    return bytes.map((byte) => {
      const out = this.#registers.get(name)!;
      this.#registers.set(name, byte);
      return out;
    });
  }

  /** True where what is sent on the line comes back. */
  isLoopback(bus: string): boolean {
    return this.#loopbacks.has(bus);
  }

  oneWireReset(pin: string, nowMs: number): boolean {
    this.#setFaults(nowMs);
    return this.#oneWire.get(pin)?.reset(nowMs) ?? false;
  }

  oneWireWrite(pin: string, bytes: Uint8Array, keepPower: boolean, nowMs: number): void {
    this.#setFaults(nowMs);
    this.#oneWire.get(pin)?.write(bytes, keepPower, nowMs);
  }

  oneWireRead(pin: string, into: Uint8Array, nowMs: number): void {
    this.#setFaults(nowMs);
    into.fill(0xff);
    this.#oneWire.get(pin)?.read(into, nowMs);
  }

  /** Fraction of full scale; 0 on a pin with nothing on it. */
  analog(pin: string, nowMs: number): number {
    this.#setFaults(nowMs);
    const place = this.#voltages.get(pin);
    if (place === undefined || (place.supply !== undefined && !this.#high.has(place.supply))) return 0;
    return place.model.read(nowMs);
  }

  setPin(pin: string, isHigh: boolean): void {
    if (isHigh) this.#high.add(pin);
    else this.#high.delete(pin);
  }

  /** All that contacts did since the last call, and up to `nowMs`. */
  closures(nowMs: number): PinClosures[] {
    this.#setFaults(nowMs);
    return [...this.#contacts].flatMap(([pin, contact]) =>
      contact.closures(nowMs).map((closures) => ({
        ...closures,
        pin,
        closedMs: contact.closedMs,
        bounces: contact.bounces,
        bounceMs: contact.bounceMs,
      })),
    );
  }

  /** The supply that the parts share with the device goes and comes back. */
  powerCycle(): void {
    for (const line of [...this.#i2c.values(), ...this.#oneWire.values()]) line.powerCycle();
    this.#high.clear();
  }

  #place(placement: PartPlacement, world: World): void {
    const { part, on } = placement;
    if (part === "shift-register") this.#registers.set(`${on} ${placement.pin}`, 0);
    else if (part === "loopback") this.#loopbacks.add(on);
    else this.#faulty.push({ part: this.#model(placement, world), windows: placement.faults ?? [], last: "none" });
  }

  #model(placement: PartPlacement, world: World): { fault: Fault } {
    const { part, on, address, channel, points, parasitic, cutAfterBytes } = placement;
    switch (part) {
      case "bme280":
        return this.#onI2c(on, new Bme280Model(world, address), cutAfterBytes);
      case "sht4x":
        return this.#onI2c(on, new Sht4xModel(world, address), cutAfterBytes);
      case "ds18b20": {
        const chip = new Ds18b20Model(world, { ...(channel && { channel }), isParasitic: parasitic ?? false });
        if (cutAfterBytes !== undefined) chip.cutAfterBytes = cutAfterBytes;
        lineOf(this.#oneWire, on, () => new OneWireLine()).attach(chip);
        return chip;
      }
      case "voltage": {
        const model = new VoltageModel(world, channel!, points!);
        this.#voltages.set(on, { model, supply: placement.pin });
        return model;
      }
      default: {
        const { hzPerUnit, closedMs, bounces, bounceMs } = placement;
        const contact = new ContactModel(world, {
          channel: channel!,
          hzPerUnit: hzPerUnit!,
          closedMs: closedMs ?? 30,
          bounces: bounces ?? 0,
          bounceMs: bounceMs ?? 1,
        });
        this.#contacts.set(on, contact);
        return contact;
      }
    }
  }

  #onI2c(bus: string, chip: I2cChip, cutAfterBytes: number | undefined): I2cChip {
    if (cutAfterBytes !== undefined) chip.cutAfterBytes = cutAfterBytes;
    lineOf(this.#i2c, bus, () => new I2cWire()).attach(chip);
    return chip;
  }

  /** A fault begins and ends by the schedule; in between a part may change it itself, as one that is cut does. */
  #setFaults(nowMs: number): void {
    for (const faulty of this.#faulty) {
      const fault = faultAt(faulty.windows, nowMs);
      if (fault === faulty.last) continue;
      faulty.last = fault;
      faulty.part.fault = fault;
    }
  }
}

function lineOf<Line>(lines: Map<string, Line>, name: string, make: () => Line): Line {
  const line = lines.get(name) ?? make();
  lines.set(name, line);
  return line;
}

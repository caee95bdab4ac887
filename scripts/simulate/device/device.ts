import type { QuickJSWASMModule } from "quickjs-emscripten";
import type { Board } from "../../../boards/index.js";
import { EspruinoStorage } from "../flash/espruino-storage.js";
import { PowerCut } from "../flash/power-cut.js";
import type { SimulatedFlash } from "../flash/simulated-flash.js";
import type { GuestValue } from "../guest/guest.js";
import type { Link } from "../link/link.js";
import { QuickJsEngine } from "../quickjs/engine.js";
import type { PartPlacement } from "../parts/placement.js";
import { Wiring } from "../parts/wiring.js";
import type { Readings } from "../readings/readings.js";
import { seedStream } from "../seed-stream.js";
import type { Cancel, Scheduler } from "../clock/scheduler.js";
import { busCalls } from "./bus-calls.js";
import { ContactEvents } from "./contact-events.js";
import { DeviceCounters } from "./counters.js";
import { AddressedFlash, boardFlash, storageFlash, usedPages } from "./flash-address.js";
import { guestBoard } from "./guest-board.js";
import { hostCalls } from "./host-calls.js";
import { DeviceNetwork } from "./network.js";
import type { DeviceStorage } from "./storage.js";

export interface DeviceOptions {
  readonly id: string;
  readonly board: Board;
  readonly seed: number;
  readonly scheduler: Scheduler;
  readonly quickJs: QuickJSWASMModule;
  readonly link: Link;
  readonly readings: Readings;
  /** What is wired to it. */
  readonly parts?: readonly PartPlacement[];
  /** Unix time of the run's beginning. */
  readonly startMs: number;
  print(line: string): void;
  trace(what: string): void;
  readonly maxPolls?: number;
}

const BOOT_MS = 1200;
/** What the firmware runs at a start, in this order. */
const BOOT_FILES = [".boot0", ".bootcde"];
const WAKE_TIMER = 4;
/** `ESP32.deepSleep` takes a signed 32-bit number. */
const MAX_SLEEP_MICROSECONDS = 0x7fffffff;

/** One boot: everything that a reset takes away. */
interface Boot {
  readonly startMs: number;
  readonly network: DeviceNetwork;
  readonly contacts: ContactEvents;
  engine: QuickJsEngine | undefined;
  wake: Cancel;
  watchdog: Cancel;
  watchdogMs: number;
  kicksItself: boolean;
  /** Until then the interpreter stands still. */
  busyUntilMs: number;
  /** Asked for by the code: happens after the call that asked. */
  next: { afterMs: number; cause: number } | undefined;
}

/** A device: flash and files that outlive everything, and a boot of an engine over them. */
export class SimulatedDevice {
  readonly counters = new DeviceCounters();
  readonly storage: DeviceStorage;
  /** The pages under `storage`. */
  readonly storageFlash: SimulatedFlash;
  /** The board's free pages. */
  readonly flash: SimulatedFlash | undefined;
  peakJsVars = 0;
  /** Called when the power has gone in the middle of a flash operation. */
  onPowerLost: () => void = () => undefined;
  readonly #options: DeviceOptions;
  readonly #wiring: Wiring;
  #boot: Boot | undefined;
  #start: Cancel = () => undefined;
  /** The flash itself was cut in an operation. */
  #lostPower = false;

  constructor(options: DeviceOptions) {
    this.#options = options;
    const { parts = [], readings, startMs } = options;
    this.#wiring = new Wiring(parts, { read: (channel, nowMs) => readings.read(channel, startMs + nowMs) ?? NaN });
    this.storageFlash = storageFlash(options.board);
    this.storage = new EspruinoStorage(this.storageFlash);
    this.flash = boardFlash(options.board);
  }

  get id(): string {
    return this.#options.id;
  }

  get link(): Link {
    return this.#options.link;
  }

  get isOn(): boolean {
    return this.#boot !== undefined;
  }

  /** Bytes of Storage in use. */
  get storageBytes(): number {
    const { pageBytes, pages } = this.#options.board.storage;
    return pageBytes * pages - this.storage.freeBytes();
  }

  /** Pages of the free region that hold anything. */
  get usedPages(): number {
    return this.flash === undefined ? 0 : usedPages(this.flash);
  }

  /** Power comes back `afterMs` from now; `cause` is what `ESP32.getWakeupCause()` will say. */
  powerOn(afterMs = 0, cause = 0): void {
    this.#start();
    this.#start = this.#options.scheduler.after(afterMs + BOOT_MS, () => this.#startBoot(cause));
  }

  /** Power goes: the boot is over, connections stay as nobody left them. */
  cutPower(): void {
    this.#start();
    this.#endBoot("power off");
    this.#wiring.powerCycle();
  }

  /** Frees the engine. */
  dispose(): void {
    this.cutPower();
  }

  #startBoot(cause: number): void {
    const { board, id, link, quickJs, scheduler, seed } = this.#options;
    this.#endBoot("restart");
    if (this.#lostPower) {
      this.flash?.restart();
      this.storageFlash.restart();
    }
    this.#lostPower = false;
    const number = ++this.counters.boots;
    const boot: Boot = {
      startMs: scheduler.nowMs,
      network: new DeviceNetwork(link, seedStream(seed, `${id}/net/${number}`), {
        later: (delayMs, run) => this.#later(boot, delayMs, run),
        block: (durationMs) => this.#block(boot, durationMs),
        deliver: (entry, ...values) => this.#call(boot, entry, ...values),
      }),
      contacts: new ContactEvents(this.#wiring, scheduler.nowMs),
      engine: undefined,
      wake: () => undefined,
      watchdog: () => undefined,
      watchdogMs: 0,
      kicksItself: true,
      busyUntilMs: 0,
      next: undefined,
    };
    this.#boot = boot;
    this.#options.trace(`boot ${number} cause ${cause}`);
    boot.engine = new QuickJsEngine(quickJs, {
      board: guestBoard(board, id),
      maxJsVars: board.jsVars.count,
      ...(this.#options.maxPolls === undefined ? {} : { maxPolls: this.#options.maxPolls }),
      host: this.#hostCalls(boot, cause),
    });
    for (const name of BOOT_FILES) {
      const code = this.storage.read(name);
      if (code !== undefined && boot.engine.end === undefined)
        boot.engine.evaluate(Buffer.from(code).toString("latin1"), name);
    }
    this.#afterCall(boot);
    this.#call(boot, "init");
  }

  #hostCalls(boot: Boot, cause: number): ReturnType<typeof hostCalls> {
    const { board, link, readings, scheduler, startMs } = this.#options;
    return hostCalls({
      storage: this.storage,
      flash: new AddressedFlash([
        { region: this.storageFlash, address: board.storage.address },
        ...(this.flash === undefined ? [] : [{ region: this.flash, address: board.freeRegions[0]!.address }]),
      ]),
      network: boot.network,
      totalJsVars: board.jsVars.count,
      linkUp: () => link.up,
      engine: () => boot.engine,
      buses: busCalls({
        wiring: this.#wiring,
        nowMs: () => this.#localMs(boot),
        block: (durationMs) => this.#block(boot, durationMs),
        deliver: (delayMs, entry, ...values) => this.#later(boot, delayMs, () => this.#call(boot, entry, ...values)),
      }),
      flashWork: (work) => this.#flashWork(boot, work),
      calls: {
        time: () => (this.#localMs(boot) - boot.startMs) / 1000,
        wake: (atSec) => this.#wakeAt(boot, atSec),
        print: (line) => this.#print(line),
        crashed: (message) => {
          this.counters.crashed(message);
          this.#options.trace(`crash ${message}`);
        },
        observe: (name, value) => this.counters.observe(name, value),
        reading: (channel) => readings.read(channel, startMs + scheduler.nowMs) ?? NaN,
        watchdog: (timeoutSec, isAuto) => {
          boot.watchdogMs = timeoutSec * 1000;
          boot.kicksItself = isAuto;
          this.#kick(boot);
        },
        kick: () => this.#kick(boot),
        reboot: () => this.#leave(boot, 0, 0),
        deepSleep: (microseconds) => {
          const duration = Math.min(Math.max(0, microseconds | 0), MAX_SLEEP_MICROSECONDS);
          this.#leave(boot, duration / 1000, WAKE_TIMER);
        },
        wakeupCause: () => cause,
      },
    });
  }

  #print(line: string): void {
    this.counters.printed(line);
    this.#options.trace(`| ${line}`);
    this.#options.print(line);
  }

  /** The device's own time runs ahead of the world while a blocking call holds it. */
  #localMs(boot: Boot): number {
    return Math.max(this.#options.scheduler.nowMs, boot.busyUntilMs);
  }

  #block(boot: Boot, durationMs: number): void {
    boot.busyUntilMs = this.#localMs(boot) + durationMs;
    boot.contacts.standsStill(boot.busyUntilMs);
  }

  #later(boot: Boot, delayMs: number, run: () => void): void {
    this.#options.scheduler.after(delayMs, () => this.#whenFree(boot, run));
  }

  #whenFree(boot: Boot, run: () => void): void {
    if (this.#boot !== boot) return;
    if (boot.busyUntilMs <= this.#options.scheduler.nowMs) run();
    else this.#options.scheduler.at(boot.busyUntilMs, () => this.#whenFree(boot, run));
  }

  #wakeAt(boot: Boot, atSec: number): void {
    boot.wake();
    if (atSec === Infinity) return;
    boot.wake = this.#options.scheduler.at(boot.startMs + atSec * 1000, () =>
      this.#whenFree(boot, () => this.#call(boot, "tick")),
    );
  }

  #call(boot: Boot, entry: string, ...values: GuestValue[]): void {
    const { engine } = boot;
    if (this.#boot !== boot || engine === undefined) return;
    boot.contacts.deliver(this.#options.scheduler.nowMs, (contactEntry, ...told) => engine.call(contactEntry, ...told));
    engine.call(entry, ...values);
    this.#afterCall(boot);
  }

  #afterCall(boot: Boot): void {
    const { engine } = boot;
    if (engine === undefined || this.#boot !== boot) return;
    this.peakJsVars = Math.max(this.peakJsVars, engine.peakJsVars);
    if (engine.end === undefined) {
      if (boot.kicksItself && boot.watchdogMs > 0) this.#kick(boot);
    } else if (engine.end === "halted") {
      const { next } = boot;
      this.#endBoot(next === undefined ? "power off" : "left");
      if (next !== undefined) this.powerOn(next.afterMs, next.cause);
      else if (this.#lostPower) {
        this.counters.powerCuts++;
        this.onPowerLost();
      }
    } else this.#die(boot, engine.end === "memory" ? "OUT OF MEMORY" : "Execution Interrupted");
  }

  /** The code itself asks for the end of this boot. */
  #leave(boot: Boot, afterMs: number, cause: number): void {
    boot.next = { afterMs, cause };
    boot.engine?.halt();
  }

  #die(boot: Boot, why: string): void {
    this.counters.crashed(why);
    this.#print(why);
    // Without a watchdog a device that hangs stays so.
    const restarts = boot.watchdogMs > 0 || why === "OUT OF MEMORY";
    this.#endBoot(why);
    if (restarts) this.powerOn(boot.watchdogMs);
  }

  #kick(boot: Boot): void {
    boot.watchdog();
    if (boot.watchdogMs <= 0) return;
    // What blocks in the firmware feeds nothing: the timer runs on from the end of the call.
    boot.watchdog = this.#options.scheduler.at(this.#localMs(boot) + boot.watchdogMs, () => {
      if (this.#boot !== boot || boot.kicksItself) return;
      this.counters.crashed("watchdog reset");
      this.#print("Watchdog reset");
      this.#endBoot("watchdog");
      this.powerOn();
    });
  }

  #flashWork<T>(boot: Boot, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof PowerCut) {
        this.#lostPower = true;
        boot.engine?.halt();
      }
      throw error instanceof Error ? error : new Error(String(error));
    }
  }

  #endBoot(why: string): void {
    const boot = this.#boot;
    if (boot === undefined) return;
    this.#boot = undefined;
    this.#options.trace(`end ${why}`);
    boot.wake();
    boot.watchdog();
    boot.network.abandon();
    boot.engine?.dispose();
    this.counters.endBoot();
  }
}

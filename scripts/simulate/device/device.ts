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
import { DutyMeter, type DutyState } from "../energy/duty-meter.js";
import { DeviceCounters } from "./counters.js";
import { AddressedFlash, boardFlash, storageFlash, usedPages } from "./flash-address.js";
import { guestBoard } from "./guest-board.js";
import { hostCalls } from "./host-calls.js";
import { DeviceNetwork } from "./network.js";
import { SleepClock } from "./sleep-clock.js";
import type { DeviceStorage } from "./storage.js";

export interface DeviceOptions {
  readonly id: string;
  readonly board: Board;
  readonly seed: number;
  readonly scheduler: Scheduler;
  readonly quickJs: QuickJSWASMModule;
  readonly link: Link;
  /** The name under which the broker is found; left out, any name will do. */
  readonly brokerHost?: string;
  readonly readings: Readings;
  /** What is wired to it. */
  readonly parts?: readonly PartPlacement[];
  /** Unix time of the run's beginning. */
  readonly startMs: number;
  print(line: string): void;
  trace(what: string): void;
  readonly maxPolls?: number;
  /** How long an inference holds the CPU. */
  readonly inferenceMs?: number;
  /** What the clock that runs in deep sleep is off by, parts per million, above 0 where it is fast. */
  readonly sleepClockPpm?: number;
}

/** From power or wake-up until the application runs, where the board's file says nothing. */
const BOOT_MS = 1200;
/** What the firmware runs at a start, in this order. */
const BOOT_FILES = [".boot0", ".bootcde"];
const WAKE_TIMER = 4;
/** `ESP32.deepSleep` takes a signed 32-bit number. */
const MAX_SLEEP_MICROSECONDS = 0x7fffffff;

/** One boot: everything that a reset takes away. */
interface Boot {
  readonly startMs: number;
  /** What `getTime` said then. */
  readonly startSec: number;
  isRadioOn: boolean;
  doing: "awake" | "sense";
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
  readonly duty = new DutyMeter();
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
  #isAsleep = false;
  readonly #sleepClock: SleepClock;
  /** What the supervisor handed on at the last boot: at the next it is most likely the same. */
  #handed = "";
  /** The flash itself was cut in an operation. */
  #lostPower = false;

  constructor(options: DeviceOptions) {
    this.#options = options;
    const { parts = [], readings, startMs } = options;
    this.#wiring = new Wiring(parts, { read: (channel, nowMs) => readings.read(channel, startMs + nowMs) ?? NaN });
    this.storageFlash = storageFlash(options.board);
    this.storage = new EspruinoStorage(this.storageFlash);
    this.flash = boardFlash(options.board);
    this.#sleepClock = new SleepClock(options.sleepClockPpm ?? 0);
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

  /** In deep sleep, or starting after it. */
  get isAsleep(): boolean {
    return this.#isAsleep;
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
  powerOn(afterMs = 0, cause = 0, meanwhile: DutyState = "off"): void {
    this.#start();
    const { scheduler } = this.#options;
    this.#isAsleep = meanwhile === "sleep";
    this.duty.enter(meanwhile, scheduler.nowMs);
    this.#start = scheduler.after(afterMs + this.#bootMs, () => this.#startBoot(cause));
  }

  get #bootMs(): number {
    const { deepSleep } = this.#options.board;
    return typeof deepSleep === "string" ? BOOT_MS : deepSleep.bootMs;
  }

  /** Power goes: the boot is over, connections stay as nobody left them. */
  cutPower(): void {
    this.#start();
    this.#endBoot("power off");
    this.#isAsleep = false;
    this.duty.enter("off", this.#options.scheduler.nowMs);
    this.#wiring.powerCycle();
  }

  /** Frees the engine. */
  dispose(): void {
    this.cutPower();
  }

  #startBoot(cause: number): void {
    const { board, brokerHost, id, link, quickJs, scheduler, seed } = this.#options;
    this.#endBoot("restart");
    this.#isAsleep = false;
    this.duty.enter("boot", scheduler.nowMs - this.#bootMs);
    this.duty.enter("awake", scheduler.nowMs);
    if (this.#lostPower) {
      this.flash?.restart();
      this.storageFlash.restart();
    }
    this.#lostPower = false;
    const number = ++this.counters.boots;
    const boot: Boot = {
      startMs: scheduler.nowMs,
      startSec: this.#sleepClock.startBoot(cause === WAKE_TIMER, scheduler.nowMs, this.#bootMs),
      isRadioOn: false,
      doing: "awake",
      network: new DeviceNetwork(link, seedStream(seed, `${id}/net/${number}`), brokerHost, {
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
    const code = this.storage.read(".bootcde");
    const bundle = this.#handed || (code && Buffer.from(code).toString("latin1"));
    boot.engine = new QuickJsEngine(quickJs, {
      board: guestBoard(board, id),
      ...(bundle === undefined ? {} : { bundle }),
      maxJsVars: board.jsVars.count,
      ...(this.#options.maxPolls === undefined ? {} : { maxPolls: this.#options.maxPolls }),
      host: this.#hostCalls(boot, cause),
    });
    for (const name of BOOT_FILES) {
      const code = this.storage.read(name);
      if (code !== undefined && boot.engine.end === undefined)
        boot.engine.evaluate(Buffer.from(code).toString("latin1"), name);
    }
    this.#handed = boot.engine.handed;
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
        time: () => boot.startSec + (this.#localMs(boot) - boot.startMs) / 1000,
        wake: (atSec) => this.#wakeAt(boot, atSec),
        print: (line) => this.#print(line),
        crashed: (message) => {
          this.counters.crashed(message);
          this.#options.trace(`crash ${message}`);
        },
        observe: (name, value) => this.#observe(boot, name, value),
        radio: (isOn) => {
          boot.isRadioOn = isOn;
          this.#meter(boot);
        },
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
          this.#leave(boot, this.#sleepClock.sleep(duration / 1000, this.#localMs(boot), boot), WAKE_TIMER);
        },
        wakeupCause: () => cause,
      },
    });
  }

  #observe(boot: Boot, name: string, value: number): void {
    this.counters.observe(name, value);
    if (name === "sensing") boot.doing = "sense";
    else if (name === "sample") boot.doing = "awake";
    else if (name === "inference") {
      const { inferenceMs = 0 } = this.#options;
      if (!boot.isRadioOn) this.duty.enter("infer", this.#localMs(boot));
      this.#block(boot, inferenceMs);
    } else return;
    this.#meter(boot);
  }

  /** The radio draws most: while it is on, nothing else counts. */
  #meter(boot: Boot): void {
    if (this.#boot === boot) this.duty.enter(boot.isRadioOn ? "radio" : boot.doing, this.#localMs(boot));
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
    boot.wake = this.#options.scheduler.at(boot.startMs + (atSec - boot.startSec) * 1000, () =>
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
      if (next !== undefined) {
        // What still blocks the engine goes before.
        const heldMs = Math.max(0, boot.busyUntilMs - this.#options.scheduler.nowMs);
        this.powerOn(heldMs + next.afterMs, next.cause, next.cause === WAKE_TIMER ? "sleep" : "off");
      } else if (this.#lostPower) {
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
    if (restarts) this.powerOn(boot.watchdogMs, 0, "awake");
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

import { esp32 } from "../../../boards/esp32.js";
import { AckMode } from "../../../lib/uplink/delivery.js";
import type { Store } from "../../fleet/store/store.js";
import { EventLoop } from "../clock/event-loop.js";
import { Link } from "../link/link.js";
import type { LinkProfile } from "../link/profile.js";
import { seedStream } from "../seed-stream.js";
import { Trace } from "../trace.js";
import { type AirBytes, AirMeter } from "./air-meter.js";
import type { Faults } from "./ledger.js";
import type { Place } from "./place.js";
import { SoakDevice } from "./soak-device.js";

export interface SoakOptions {
  readonly results: number;
  readonly devices: number;
  readonly seed: number;
  readonly profile: LinkProfile;
  readonly place: Place;
  /** Called now and then with the results that devices know to be safe. */
  progress?(delivered: number): void;
}

/** How a soak ended. */
export interface SoakOutcome {
  /** Results that the devices' outboxes took. */
  readonly made: number;
  /** Results in the store. */
  readonly stored: number;
  /** Results that arrived again, equal, and were dropped. */
  readonly repeats: number;
  readonly conflicts: number;
  readonly refused: number;
  readonly evicted: number;
  /** Still on the devices when the time for it was over. */
  readonly waiting: number;
  readonly faults: Faults;
  readonly air: AirBytes;
  readonly messages: number;
  /** Connections after the first of each device. */
  readonly reconnections: number;
  readonly powerCuts: number;
  readonly kills: number;
  readonly virtualMs: number;
  readonly wallMs: number;
  /** SHA-256 of all that went over the links; the same for the same seed in virtual time. */
  readonly traceHash: string;
  readonly isClean: boolean;
}

const START_MS = Date.UTC(2026, 0, 1);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** After the last result the links are repaired; so long the devices may take to deliver what waits. */
const DRAIN_MS = 6 * HOUR_MS;
/** Longest wait between two attempts to connect. */
const LONGEST_RETRY_MINUTES = 10;
/** A device may wait in one outage for an attempt that falls into the next. */
const OUTAGES = 4;
/** Results that a device's flash takes with some to spare (docs/outbox.md). */
const OUTBOX_RESULTS = 1500;
const LEAST_PERIOD_MS = 500;
/** A run that is not done after so many times its length never will be. Devices without power make no results. */
const LONGEST_TIMES = 3;
const EVENTS_BETWEEN_COUNTS = 200;

/** Milliseconds between two results of a device: what waits over some of the longest outages has room in its flash. */
export function periodMs(profile: LinkProfile, resultsOfDevice: number): number {
  if (resultsOfDevice <= OUTBOX_RESULTS) return LEAST_PERIOD_MS;
  const downMinutes = Math.max(
    0,
    ...profile.phases.filter(({ state }) => state === "down").map(({ minutes }) => minutes[1]),
  );
  return Math.max(LEAST_PERIOD_MS, (OUTAGES * (downMinutes + LONGEST_RETRY_MINUTES) * MINUTE_MS) / OUTBOX_RESULTS);
}

/** Lets devices make results until there are as many as asked for, waits for the last, and looks at the store. */
export async function soak(options: SoakOptions): Promise<SoakOutcome> {
  const began = performance.now();
  const { place, profile, results } = options;
  const loop = new EventLoop(() => place.broker.settled(), place.pace);
  place.started(() => START_MS + loop.nowMs);
  const meter = new AirMeter();
  const trace = new Trace();
  const devices = Array.from({ length: options.devices }, (_, index) => makeDevice(options, loop, meter, trace, index));
  const quota = (index: number): number => Math.floor((results + options.devices - 1 - index) / options.devices);
  const period = periodMs(profile, quota(0));
  devices.forEach((device, index) => {
    device.start();
    makeResults(device, loop, period, quota(index), (index * period) / devices.length);
  });

  const told = whenDelivered(devices, (delivered) => {
    options.progress?.(delivered);
    place.delivered(delivered);
  });
  const isMade = (): boolean => devices.every((device, index) => device.ledger.count >= quota(index));
  await loop.runUntil(LONGEST_TIMES * quota(0) * period + DRAIN_MS, isMade, told);
  for (const device of devices) device.link.repair();
  const isDone = (): boolean => devices.every((device) => device.isOn && device.waiting === 0);
  await loop.runUntil(loop.nowMs + DRAIN_MS, isDone, told);
  const store = await place.finished();
  return judge(devices, store, { meter, place, results, virtualMs: loop.nowMs, began, traceHash: trace.close() });
}

function makeDevice(options: SoakOptions, loop: EventLoop, meter: AirMeter, trace: Trace, index: number): SoakDevice {
  const { place, profile, seed } = options;
  const id = `soak${String(index + 1).padStart(8, "0")}`;
  const link = new Link({
    scheduler: loop.scheduler,
    random: seedStream(seed, `${id}/link`),
    profile,
    attach: (stream) => place.broker.attach(stream),
    disturbed: () => loop.disturb(),
    trace: (what) => trace.add(loop.nowMs, id, what),
  });
  const { acksFromCollector } = place;
  const ackMode = acksFromCollector ? AckMode.COLLECTOR : AckMode.PUBACK;
  return new SoakDevice({ id, seed, board: esp32, scheduler: loop.scheduler, link, meter, ackMode, startMs: START_MS });
}

function makeResults(device: SoakDevice, loop: EventLoop, period: number, quota: number, afterMs: number): void {
  loop.scheduler.after(afterMs, () => {
    device.makeResult();
    if (device.ledger.count < quota) makeResults(device, loop, period, quota, period);
  });
}

/** Adds up what is delivered, but not after every event. */
function whenDelivered(devices: readonly SoakDevice[], tell: (delivered: number) => void): () => void {
  let events = 0;
  return () => {
    if (++events % EVENTS_BETWEEN_COUNTS === 0) tell(devices.reduce((sum, device) => sum + device.delivered, 0));
  };
}

interface Run {
  readonly place: Place;
  readonly results: number;
  readonly meter: AirMeter;
  readonly virtualMs: number;
  readonly began: number;
  readonly traceHash: string;
}

async function judge(devices: readonly SoakDevice[], store: Store, run: Run): Promise<SoakOutcome> {
  const sum = (of: (device: SoakDevice) => number): number => devices.reduce((total, device) => total + of(device), 0);
  const faults: Faults = { lost: 0, invented: 0, altered: 0, outOfOrder: 0, misplaced: 0 };
  const { records, repeats, conflicts, refused } = await store.totals();
  for (const device of devices) await addFaults(faults, device, store, run.place.isTimed);
  const evicted = sum((device) => device.evicted);
  const waiting = sum((device) => device.waiting);
  const { outOfOrder, ...others } = faults;
  const missing = Math.max(0, run.results - sum((device) => device.ledger.count));
  const bad = Object.values({ ...others, conflicts, refused, evicted, waiting, missing });
  return {
    made: sum((device) => device.ledger.count),
    stored: records,
    repeats,
    conflicts,
    refused,
    evicted,
    waiting,
    faults,
    air: run.meter.bytes,
    messages: run.meter.messages,
    reconnections: sum((device) => Math.max(0, device.connections - 1)),
    kills: run.place.kills,
    powerCuts: sum((device) => device.powerCuts),
    virtualMs: run.virtualMs,
    wallMs: performance.now() - run.began,
    traceHash: run.traceHash,
    isClean: bad.every((count) => count === 0) && (outOfOrder === 0 || !run.place.keepsOrder),
  };
}

async function addFaults(faults: Faults, device: SoakDevice, store: Store, timed: boolean): Promise<void> {
  const found = device.ledger.compare(await store.results({ device: device.id }), timed);
  for (const name of Object.keys(faults) as (keyof Faults)[]) faults[name] += found[name];
}

import type { FleetCounts } from "../fleet/fleet.js";
import type { SimulatedDevice } from "./device/device.js";

/** Counts over all devices of a run, at one moment. */
export interface Tally {
  readonly samples: number;
  /** Samples that were due while a device was busy, and never taken. */
  readonly missed: number;
  /** Readings of single sensors that gave no value, within samples that were taken. */
  readonly failedReads: number;
  /** How late measurements began, milliseconds. */
  readonly maxLateMs: number;
  readonly inferences: number;
  /** Records that the devices' outboxes accepted. */
  readonly reported: number;
  /** Records in the store; where they are collected elsewhere, those that devices were told of. */
  readonly delivered: number;
  /** Repeats that the collector dropped. */
  readonly duplicates: number;
  readonly conflicts: number;
  /** Records still on the devices. */
  readonly waiting: number;
  /** Records that an outbox gave up for newer ones, and told of. */
  readonly evicted: number;
  /** Reported, and neither delivered, waiting nor evicted. */
  readonly lost: number;
  readonly crashes: number;
  readonly boots: number;
  readonly powerCuts: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

/** What a tally needs of a device, simulated or real. */
export type Counted = Pick<SimulatedDevice, "counters"> & {
  readonly link: Pick<SimulatedDevice["link"], "bytesUp" | "bytesDown">;
};

/**
 * Adds up the devices of a run. `lost` is exact when nothing waits: a record under way counts as waiting and delivered.
 * @param counts of the collector; undefined where it is elsewhere
 */
export function tally(devices: readonly Counted[], counts: Readonly<FleetCounts> | undefined): Tally {
  const sum = (of: (device: Counted) => number): number => devices.reduce((total, device) => total + of(device), 0);
  const reported = sum(({ counters }) => counters.reported);
  const waiting = sum(({ counters }) => counters.waiting);
  const evicted = sum(({ counters }) => counters.evicted);
  const delivered = counts?.stored ?? reported - waiting - evicted;
  return {
    samples: sum(({ counters }) => counters.samples),
    missed: sum(({ counters }) => counters.missed),
    failedReads: sum(({ counters }) => [...counters.failedReads.values()].reduce((total, count) => total + count, 0)),
    maxLateMs: Math.max(...devices.map(({ counters }) => counters.maxLateMs)),
    inferences: sum(({ counters }) => counters.inferences),
    reported,
    delivered,
    duplicates: counts?.repeats ?? 0,
    conflicts: counts?.conflicts ?? 0,
    waiting,
    evicted,
    lost: Math.max(0, reported - delivered - waiting - evicted),
    crashes: sum(({ counters }) => counters.crashes),
    boots: sum(({ counters }) => counters.boots),
    powerCuts: sum(({ counters }) => counters.powerCuts),
    bytesUp: sum(({ link }) => link.bytesUp),
    bytesDown: sum(({ link }) => link.bytesDown),
  };
}

import type { Platform } from "../hal/platform.js";
import type { OpResolver } from "../nn/op-resolver.js";
import type { SampleWindow } from "../sensing/sample-window.js";
import type { Sensor } from "../sensing/sensor.js";
import type { ReportRule } from "../uplink/report-policy.js";
import type { ConnectionRule } from "./connection-schedule.js";
import type { OpenMemory } from "./memory.js";
import type { OpenSleep } from "./sleeper.js";

/** One element of the model's output that is worth reporting. */
export interface OutputDefinition {
  /** Name in SenML, below the application's. */
  readonly name: string;
  /** Element of the output tensor. */
  readonly index: number;
  /** When it is reported. */
  readonly report: ReportRule;
}

/** An application: what it senses, what it infers, what it tells. */
export interface AppDefinition {
  readonly name: string;
  readonly version: string;
  readonly board: string;
  readonly runtime: string;
  readonly operators: OpResolver;
  /** `sertao:memory`. */
  readonly openMemory: OpenMemory;
  /** Sensors in the order of the window's channels. */
  readonly sensors: (platform: Platform) => Sensor[];
  readonly samplePeriodMs: number;
  /** Samples kept for features. No inference is made before the window is full. */
  readonly windowSamples: number;
  /** An inference after every so many samples. */
  readonly inferEverySamples: number;
  /** Writes the model's real-valued inputs; false, or NaN in any of them, skips the inference. */
  readonly features: (window: SampleWindow, inputs: Float32Array) => boolean;
  /** At most 32. */
  readonly outputs: readonly OutputDefinition[];
  /** Records kept in memory where the board has no flash region for them. */
  readonly ramOutboxRecords: number;
  /** Records that make a full message, 1 to 23. */
  readonly batchRecords: number;
  /** A record waits at most this long for others to share its message. */
  readonly batchAgeMs: number;
  /** When the device is connected. */
  readonly connection: ConnectionRule;
  /** Longest silence on a connection: how soon a dead one is noticed, and what staying connected costs. */
  readonly keepAliveSec: number;
  /** Status is repeated after this long while connected. */
  readonly statusPeriodMs: number;
  /** `deepSleep` of `sertao:sleep`: the device sleeps between samples, where nothing else is under way. */
  readonly sleep?: OpenSleep;
  /** A device that shows no sign of life for so many seconds is restarted; 120 where left out, 0 for no watchdog. */
  readonly watchdogSec?: number;
}

/** Declares an application. It exists for its types: nothing runs before `start`. */
export function defineApp(definition: AppDefinition): AppDefinition {
  return definition;
}

import { esp32 } from "../../../boards/esp32.js";
import { findLinkProfile } from "../../../scripts/simulate/link/profile.js";
import { Simulation, type SimulationOptions } from "../../../scripts/simulate/simulation.js";
import { FakeBroker } from "./fake-broker.js";

export interface ScriptRun {
  readonly lines: string[];
  readonly simulation: Simulation;
  readonly broker: FakeBroker;
}

/** Starts one simulated ESP32 with a script as its bundle. */
export async function startScript(code: string, options: Partial<SimulationOptions> = {}): Promise<ScriptRun> {
  const lines: string[] = [];
  const broker = (options.broker as FakeBroker | undefined) ?? new FakeBroker();
  const simulation = await Simulation.create({
    board: esp32,
    code,
    profile: findLinkProfile("perfect")!,
    seed: 1,
    devices: 1,
    days: 1,
    startMs: Date.UTC(2026, 0, 1),
    brokerHost: "b",
    readings: () => ({ read: (channel, timeMs) => (channel === "t" ? timeMs : undefined) }),
    print: (_device, line) => lines.push(line),
    ...options,
    broker,
  });
  return { lines, simulation, broker };
}

/** Runs a script for some virtual seconds and returns what it printed. */
export async function printed(code: string, seconds = 10, options: Partial<SimulationOptions> = {}): Promise<string[]> {
  const { lines, simulation } = await startScript(code, options);
  simulation.devices[0]!.powerOn();
  await simulation.runUntil(seconds * 1000);
  simulation.dispose();
  return lines;
}

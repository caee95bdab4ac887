import type { BuildManifest } from "../../bundle/build-manifest.js";
import { readingsUnknown } from "../../errors/simulate.js";
import { partSeed } from "../seed-stream.js";
import { readingsSources } from "./generated.js";
import { readReplay } from "./replay.js";
import type { Readings } from "./readings.js";

/** Readings for a run. */
export interface ReadingsPlan {
  readonly startMs: number;
  readonly days: number;
  /** Where they come from, in words. */
  readonly source: string;
  /** Of a device, by its number from 0. */
  readings(device: number): Readings;
}

export interface ReadingsChoice {
  readonly replay?: string | undefined;
  /** Channel to column of the recording. */
  readonly map?: ReadonlyMap<string, string>;
  /** Absent: as long as the recording, or DEFAULT_DAYS. */
  readonly days?: number | undefined;
  readonly seed: number;
}

const DEFAULT_DAYS = 4;
const DAY_MS = 86_400_000;

/**
 * Chooses where an application's readings come from: a recording, or the generator that it names.
 * @throws SertaoError READINGS_UNKNOWN, REPLAY_…, FILE_…
 */
export function planReadings(
  app: Pick<BuildManifest, "application" | "readings" | "channels">,
  choice: ReadingsChoice,
): ReadingsPlan {
  if (choice.replay !== undefined) {
    const replay = readReplay(choice.replay, choice.map);
    // A channel without a column fails here, not days into the run.
    for (const channel of app.channels ?? []) replay.read(channel, replay.startMs);
    return {
      startMs: replay.startMs,
      days: choice.days ?? replay.durationMs / DAY_MS,
      source: `${choice.replay}, ${replay.rows} rows`,
      readings: () => replay,
    };
  }
  const source = app.readings === undefined ? undefined : readingsSources[app.readings];
  if (source === undefined) throw readingsUnknown(app.application, Object.keys(readingsSources).join(", "));
  const days = choice.days ?? DEFAULT_DAYS;
  return {
    startMs: source.startMs,
    days,
    source: `generator "${app.readings}"`,
    // One day more: devices go on while the last results are delivered.
    readings: (device) => source.make(partSeed(choice.seed, `d${device + 1}/readings`), days + 1),
  };
}

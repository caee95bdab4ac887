import { existsSync, readFileSync } from "node:fs";
import { fileMissing, fileUnreadable } from "../../errors/files.js";
import { replayChannelMissing, replayInvalid } from "../../errors/simulate.js";
import { parseCsv, type CsvTable } from "./csv.js";
import type { Readings } from "./readings.js";

/** Recorded readings. */
export interface Replay extends Readings {
  /** Unix time of the first row; rows whose times are seconds begin wherever the run does. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly channels: readonly string[];
  readonly rows: number;
}

const TIME_NAMES = /^(time|date|datetime|timestamp|ts|t|seconds|sec)\b/i;
const DATE = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/;
const EMPTY = /^(|na|nan|null|-)$/i;

/**
 * Reads a recording for replay. A value holds from its row until the next.
 * @param map channel to column, where their names differ
 * @throws SertaoError FILE_MISSING, FILE_UNREADABLE, REPLAY_INVALID, REPLAY_CHANNEL_MISSING
 */
export function readReplay(path: string, map: ReadonlyMap<string, string> = new Map()): Replay {
  if (!existsSync(path)) throw fileMissing(path);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw fileUnreadable(path, error instanceof Error ? error.message : String(error));
  }
  return replayOf(path, parseCsv(text), map);
}

function replayOf(path: string, table: CsvTable, map: ReadonlyMap<string, string>): Replay {
  if (table.rows.length === 0) throw replayInvalid(path, "it has a header at most, and no row");
  const times = timesOf(path, table);
  const columns = new Map(table.header.map((name, index) => [name, index]));
  for (const [channel, column] of map) {
    const index = columns.get(column);
    if (index === undefined) throw replayChannelMissing(path, column, table.header.join(", "));
    columns.set(channel, index);
  }
  for (const { line, cells } of table.rows) {
    if (cells.length !== table.header.length) {
      throw replayInvalid(path, `line ${line} has ${cells.length} fields and the header ${table.header.length}`);
    }
  }
  const series = new Map<string, Float64Array>();
  const seriesOf = (channel: string): Float64Array => {
    const known = series.get(channel);
    if (known !== undefined) return known;
    const column = columns.get(channel);
    if (column === undefined) throw replayChannelMissing(path, channel, table.header.join(", "));
    const values = Float64Array.from(table.rows, ({ line, cells }) => numberOf(path, line, channel, cells[column]!));
    series.set(channel, values);
    return values;
  };
  const startMs = times[0]!;
  const durationMs = times[times.length - 1]! - startMs;
  return {
    startMs,
    durationMs,
    channels: [...columns.keys()],
    rows: table.rows.length,
    read(channel, timeMs) {
      const values = seriesOf(channel);
      if (timeMs < startMs || timeMs > startMs + durationMs) return undefined;
      const value = values[lastAtOrBefore(times, timeMs)]!;
      return Number.isNaN(value) ? undefined : value;
    },
  };
}

function timesOf(path: string, table: CsvTable): Float64Array {
  const first = table.rows[0]!.cells;
  let column = table.header.findIndex((name) => TIME_NAMES.test(name));
  if (column < 0) column = first.findIndex((cell) => DATE.test(cell.trim()));
  if (column < 0) throw replayInvalid(path, "no column is a time: name one time, date or seconds");
  const times = Float64Array.from(table.rows, ({ line, cells }) => timeOf(path, line, (cells[column] ?? "").trim()));
  const back = times.findIndex((time, index) => index > 0 && time < times[index - 1]!);
  if (back > 0) throw replayInvalid(path, `line ${table.rows[back]!.line} is earlier than the line before`);
  return times;
}

/** Dates without a zone are UTC: what a recording's zone was, nobody knows, and no run depends on it. */
function timeOf(path: string, line: number, cell: string): number {
  if (/^\d+(\.\d+)?$/.test(cell)) return Number(cell) * 1000;
  if (!DATE.test(cell)) throw replayInvalid(path, `line ${line}: "${cell}" is no time`);
  const iso = cell.replace(" ", "T");
  return Date.parse(/T/.test(iso) && !/(Z|[+-]\d\d:?\d\d)$/.test(iso) ? `${iso}Z` : iso);
}

function numberOf(path: string, line: number, channel: string, cell: string): number {
  const text = cell.trim();
  if (EMPTY.test(text)) return NaN;
  const value = Number(text);
  if (Number.isNaN(value)) throw replayInvalid(path, `line ${line}: "${text}" is no number for ${channel}`);
  return value;
}

function lastAtOrBefore(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (times[middle]! <= time) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How grave a line is. */
export const LOG_LEVELS = ["error", "warning", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Lines of the engine, of the framework, and of ESP-IDF ("E (1234) wifi: …"). */
const PATTERNS: readonly (readonly [LogLevel, RegExp])[] = [
  [
    "error",
    /^(Uncaught |sertao: cannot |ERROR: |E \(\d+\) |Execution Interrupted|Guru Meditation|abort\(\)|Out of Memory|New interpreter error)/,
  ],
  ["warning", /^(WARNING: |W \(\d+\) |Brownout|rst:0x)/],
  ["debug", /^[DV] \(\d+\) /],
];
/** Lines of a stack trace: a position, and under the piece of code that follows it a caret. */
const POSITION = /^\s+at /;
const CARET = /^ *\^$/;

/** Tells the level of each line; a stack trace has that of the error above it. */
export class LevelReader {
  #inTrace = false;
  #codeMayFollow = false;

  levelOf(line: string): LogLevel {
    const level = PATTERNS.find(([, pattern]) => pattern.test(line))?.[0];
    if (level !== undefined) {
      this.#inTrace = level === "error";
      return level;
    }
    if (POSITION.test(line) || CARET.test(line)) {
      this.#codeMayFollow = POSITION.test(line);
      return this.#inTrace ? "error" : "info";
    }
    if (this.#inTrace && this.#codeMayFollow) {
      this.#codeMayFollow = false;
      return "error";
    }
    this.#inTrace = false;
    return "info";
  }
}

/** True where a line of that level is to be shown. */
export function isShown(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(least);
}

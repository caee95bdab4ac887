import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";

/**
 * A position in the application: "(.bootcde:1:2345)", or "line 1 col 2345 in .bootcde" as older firmware has it. One that
 * runs from a slot has the name of that.
 */
const POSITION = /(?:\.bootcde|\bapp\.[ab]):(\d+):(\d+)|line (\d+) col (\d+) in (?:\.bootcde|app\.[ab])/g;

/** Puts source positions in place of those in the minified bundle. */
export class StackMapper {
  readonly #map: TraceMap;

  /** @param map source map, version 3, as JSON */
  constructor(map: string) {
    this.#map = new TraceMap(map);
  }

  map(line: string): string {
    return line.replace(POSITION, (found, line1?: string, column1?: string, line2?: string, column2?: string) => {
      const position = { line: Number(line1 ?? line2), column: Math.max(0, Number(column1 ?? column2) - 1) };
      if (position.line < 1) return found;
      const { source, line: sourceLine, column } = originalPositionFor(this.#map, position);
      return source === null ? found : `${source}:${sourceLine}:${column + 1}`;
    });
  }
}

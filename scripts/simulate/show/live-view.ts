import type { LinkPhase } from "../link/profile.js";
import { LinkHistory } from "./link-history.js";
import { runTime, type Scene, type View } from "./view.js";

const REDRAW_MS = 80;
const MAX_BAR_WIDTH = 96;
/** Of a bar's line: what stands before and behind it. */
const BAR_LABELS = 14;
/** Of a terminal that does not say. */
const COLUMNS = 80;
const MAX_BARS = 6;
const UP_AND_CLEAR = (lines: number): string => `\x1b[${lines}A\x1b[J`;

/** A few lines of a terminal, drawn again and again. */
export class LiveView implements View {
  readonly #links = new Map<string, LinkHistory>();
  readonly #stream: NodeJS.WriteStream;
  #lines = 0;
  #drawnMs = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  linkChanged(device: string, atMs: number, state: LinkPhase["state"]): void {
    const history = this.#links.get(device);
    if (history === undefined) this.#links.set(device, new LinkHistory(state));
    else history.change(atMs, state);
  }

  show(scene: Scene): void {
    const now = performance.now();
    if (now - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = now;
    this.#draw(scene);
  }

  end(scene: Scene): void {
    this.#draw(scene);
  }

  #draw(scene: Scene): void {
    // A line that the terminal breaks would count as two when the cursor goes back.
    const columns = this.#stream.columns || COLUMNS;
    const lines = this.#text(scene, columns).map((line) => line.slice(0, columns - 1));
    this.#stream.write((this.#lines === 0 ? "" : UP_AND_CLEAR(this.#lines)) + `${lines.join("\n")}\n`);
    this.#lines = lines.length;
  }

  #text({ nowMs, endMs, tally, links, last }: Scene, columns: number): string[] {
    const done = nowMs < endMs ? `${Math.floor((100 * nowMs) / endMs)} %` : "100 %, links repaired";
    const width = Math.max(1, Math.min(MAX_BAR_WIDTH, columns - BAR_LABELS));
    const bars = links.slice(0, MAX_BARS).map(({ device, state }) => {
      const bar = this.#links.get(device)?.bar(width, nowMs, endMs) ?? "";
      return `  ${device.padEnd(4)} ${bar} ${state}`;
    });
    return [
      `${runTime(nowMs)}  ${done}`,
      "  link, over the days: █ up  ▒ flaky  · down",
      ...bars,
      ...(links.length > MAX_BARS ? [`  and ${links.length - MAX_BARS} more`] : []),
      `  samples ${tally.samples}   inferences ${tally.inferences}   results ${tally.reported}`,
      `  waiting ${tally.waiting}   delivered ${tally.delivered}   duplicates removed ${tally.duplicates}`,
      `  last result  ${last}`,
    ];
  }
}

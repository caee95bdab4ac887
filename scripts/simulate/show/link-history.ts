import type { LinkPhase } from "../link/profile.js";

type State = LinkPhase["state"];

const MARKS: Record<State, string> = { up: "█", flaky: "▒", down: "·" };
const BADNESS: Record<State, number> = { up: 0, flaky: 1, down: 2 };

/** What a link was over a run, as a row of marks: each the worst of its share of the time. */
export class LinkHistory {
  readonly #changes: { readonly atMs: number; readonly state: State }[];

  constructor(state: State) {
    this.#changes = [{ atMs: 0, state }];
  }

  change(atMs: number, state: State): void {
    this.#changes.push({ atMs, state });
  }

  /** @param nowMs what lies after it is blank */
  bar(width: number, nowMs: number, endMs: number): string {
    let text = "";
    for (let column = 0; column < width; column++) {
      const from = (column * endMs) / width;
      text += from > nowMs ? " " : MARKS[this.#worst(from, Math.min(nowMs, ((column + 1) * endMs) / width))];
    }
    return text;
  }

  /** Part of the time until now in a state. */
  part(state: State, nowMs: number): number {
    let sum = 0;
    this.#changes.forEach((change, index) => {
      const until = Math.min(nowMs, this.#changes[index + 1]?.atMs ?? nowMs);
      if (change.state === state) sum += Math.max(0, until - change.atMs);
    });
    return nowMs === 0 ? 0 : sum / nowMs;
  }

  #worst(fromMs: number, toMs: number): State {
    let worst: State = "up";
    this.#changes.forEach((change, index) => {
      const until = this.#changes[index + 1]?.atMs ?? Infinity;
      if (change.atMs <= toMs && until > fromMs && BADNESS[change.state] > BADNESS[worst]) worst = change.state;
    });
    return worst;
  }
}

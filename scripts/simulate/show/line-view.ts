import type { LinkPhase } from "../link/profile.js";
import { runTime, type Scene, type View } from "./view.js";

const LINE_EVERY_MS = 6 * 3_600_000;

/** One line for every six hours, where there is no terminal. */
export class LineView implements View {
  readonly #write: (line: string) => void;
  #nextMs = LINE_EVERY_MS;

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  linkChanged(_device: string, _atMs: number, _state: LinkPhase["state"]): void {}

  show(scene: Scene): void {
    if (scene.nowMs < this.#nextMs) return;
    this.#nextMs = LINE_EVERY_MS * (Math.floor(scene.nowMs / LINE_EVERY_MS) + 1);
    this.#line(scene);
  }

  end(scene: Scene): void {
    this.#line(scene);
  }

  #line({ nowMs, tally, links }: Scene): void {
    const up = links.filter(({ state }) => state !== "down").length;
    const link = links.length === 1 ? `link ${links[0]!.state}` : `links up ${up} of ${links.length}`;
    this.#write(
      `${runTime(nowMs)}  ${link.padEnd(12)} samples ${tally.samples}  inferences ${tally.inferences}  ` +
        `results ${tally.reported}  waiting ${tally.waiting}  delivered ${tally.delivered}`,
    );
  }
}

import { SingleBar } from "cli-progress";

/** A progress bar on stderr; shows nothing where that is not a terminal. */
export class Progress {
  readonly #bar: SingleBar | undefined;

  constructor(label: string, total: number) {
    if (!process.stderr.isTTY) return;
    this.#bar = new SingleBar({ format: `${label} [{bar}] {percentage}% {value}/{total}`, stream: process.stderr });
    this.#bar.start(total, 0);
  }

  update(done: number): void {
    this.#bar?.update(done);
  }

  stop(): void {
    this.#bar?.stop();
  }
}

import type { Store } from "../../fleet/store/store.js";
import { timeText } from "../../fleet/show/time-text.js";
import type { ReadingsPlan } from "../readings/plan.js";
import type { RunOptions } from "../run-app.js";
import type { Simulation } from "../simulation.js";
import type { Tally } from "../tally.js";
import type { Scene, View } from "./view.js";

const ASK_STORE_MS = 250;

/** Connects a view to a run. */
export function showRun(
  view: View,
  store: Store,
  plan: ReadingsPlan,
): Pick<Required<RunOptions>, "started" | "progress"> & { finished(): Promise<void> } {
  let simulation: Simulation | undefined;
  let tallyNow: (() => Tally) | undefined;
  let last = "none yet";
  let askedMs = 0;

  const ask = async (): Promise<void> => {
    const [row] = await store.results({ limit: 1 });
    if (row !== undefined) last = `${row.device} ${row.name} = ${row.value?.toFixed(2) ?? "-"} at ${timeText(row.at)}`;
  };
  const scene = (): Scene | undefined =>
    simulation &&
    tallyNow && {
      nowMs: simulation.nowMs,
      endMs: plan.days * 86_400_000,
      tally: tallyNow(),
      links: simulation.devices.map((device) => ({ device: device.id, state: device.link.state })),
      last,
    };

  return {
    started(run, now) {
      simulation = run;
      tallyNow = now;
      for (const { id, link } of run.devices) {
        view.linkChanged(id, 0, link.state);
        link.onState = (state) => view.linkChanged(id, run.nowMs, state);
      }
    },
    progress() {
      const now = performance.now();
      if (now - askedMs > ASK_STORE_MS) {
        askedMs = now;
        void ask().catch(() => undefined);
      }
      const present = scene();
      if (present !== undefined) view.show(present);
    },
    async finished() {
      await ask();
      const present = scene();
      if (present !== undefined) view.end(present);
    },
  };
}

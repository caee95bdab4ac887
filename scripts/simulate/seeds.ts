import { findBoard } from "../../boards/index.js";
import { buildApp, type BuiltApp } from "../bundle/build-app.js";
import { findApp } from "../bundle/find-app.js";
import { SqliteStore } from "../fleet/store/sqlite-store.js";
import { findLinkProfile } from "./link/profile.js";
import { planReadings } from "./readings/plan.js";
import { runApp, type RunOutcome } from "./run-app.js";

/** One seed's verdict. */
export interface SeedResult extends RunOutcome {
  readonly seed: number;
  /** Identities in the store more often than once. */
  readonly storedTwice: number;
  /** True where nothing was lost, stored twice, in conflict, left waiting or crashed. */
  readonly isClean: boolean;
}

export interface SeedRun {
  readonly board: string;
  readonly days: number;
  readonly link: string;
}

/** Runs an application with one seed against a store in memory. */
export async function runSeed(app: BuiltApp, run: SeedRun, seed: number): Promise<SeedResult> {
  const store = SqliteStore.open(":memory:");
  try {
    const plan = planReadings(app.manifest, { days: run.days, seed });
    const board = findBoard(run.board)!;
    const profile = findLinkProfile(run.link)!;
    const outcome = await runApp({ app, board, profile, plan, seed, store, devices: 1, days: run.days });
    const rows = await store.results({});
    const identities = new Set(rows.map((row) => `${row.device}/${row.incarnation}/${row.sequence}`));
    const storedTwice = rows.length - identities.size;
    const { lost, conflicts, waiting, crashes } = outcome.tally;
    const isClean = lost + storedTwice + conflicts + waiting + crashes === 0 && rows.length === outcome.tally.reported;
    return { ...outcome, seed, storedTwice, isClean };
  } finally {
    await store.close();
  }
}

/** `npm run seeds -- [seeds] [profile]`: the demo application with many seeds. Returns the exit status. */
export async function seeds(count: number, link: string): Promise<number> {
  const run = { board: "esp32", days: 4, link };
  const app = await buildApp(findApp("orchard-frost"), findBoard(run.board)!);
  let unclean = 0;
  for (let seed = 1; seed <= count; seed++) {
    const { tally, storedTwice, isClean, wallMs } = await runSeed(app, run, seed);
    if (!isClean) unclean++;
    process.stdout.write(
      `seed ${String(seed).padStart(3)}  reported ${tally.reported}  delivered ${tally.delivered}  lost ${tally.lost}  ` +
        `stored twice ${storedTwice}  repeats removed ${tally.duplicates}  conflicts ${tally.conflicts}  ` +
        `crashes ${tally.crashes}  ${(wallMs / 1000).toFixed(1)} s${isClean ? "" : "  FAILED"}\n`,
    );
  }
  process.stdout.write(`${count - unclean} of ${count} seeds clean\n`);
  return unclean === 0 ? 0 : 1;
}

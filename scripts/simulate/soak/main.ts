import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Command, InvalidArgumentError, Option } from "commander";
import { Progress } from "../../cli/progress.js";
import { SertaoError } from "../../errors/sertao-error.js";
import { soakOption } from "../../errors/soak.js";
import { SqliteStore } from "../../fleet/store/sqlite-store.js";
import { mosquittoCommand } from "../brokers/mosquitto.js";
import { findLinkProfile, linkProfiles } from "../link/profile.js";
import { embeddedPlace } from "./embedded-place.js";
import { mosquittoPlace } from "./mosquitto-place.js";
import type { Place } from "./place.js";
import { reportText } from "./report.js";
import { servedPlace } from "./served-place.js";
import { periodMs, soak, type SoakOutcome } from "./soak.js";

/** What is soaked. */
export interface SoakRun {
  readonly broker: "aedes" | "mosquitto";
  readonly results: number;
  readonly devices: number;
  readonly seed: number;
  readonly link: string;
  /** What is killed again and again meanwhile. */
  readonly kill?: "collector" | "broker";
  /** How often; KILLS where absent. */
  readonly kills?: number;
}

type Words = Omit<SoakRun, "broker"> & { readonly broker: SoakRun["broker"] | "both" };

const MAX_DEVICES = 1000;
const KILLS = 5;
/** Results in a real second that go through a broker of another process. */
const RESULTS_PER_SEC = 4000;
/** Faster, and a pause of this machine would look like a dead broker to the devices. */
const MAX_SPEED = 100;
/** A process that was killed takes a while to be there again, and then should have some work. */
const MS_BETWEEN_KILLS = 1500;

/** Runs one command line (without node and script name) and returns the exit status: 1 where anything was not in order. */
export async function run(args: string[], write: (text: string) => void): Promise<number> {
  let status = 0;
  const program = new Command("soak")
    .description("Sends results of simulated devices over bad links, and compares what is stored with what was made")
    .option("--results <n>", "results in all", count, 1_000_000)
    .option("--devices <n>", `devices, ${MAX_DEVICES} at most`, count, 100)
    .addOption(new Option("--broker <name>", "where to").choices(["aedes", "mosquitto", "both"]).default("both"))
    .option("--seed <n>", "chooses links, results and power cuts", Number, 1)
    .addOption(new Option("--link <profile>", "what the network is like").choices(usable()).default("flaky"))
    .addOption(
      new Option("--kill <what>", `SIGKILL ${KILLS} times: fleet serve, or Mosquitto`).choices(["collector", "broker"]),
    )
    .configureOutput({ writeOut: write })
    .action(async (words: Words) => {
      if (words.devices > MAX_DEVICES) throw soakOption(`More than ${MAX_DEVICES} devices.`);
      if (words.devices > words.results) throw soakOption("More devices than results.");
      if (!Number.isSafeInteger(words.seed)) throw soakOption("A seed is a whole number.");
      status = await soakEach(words, write);
    });
  await program.parseAsync(args, { from: "user" });
  return status;
}

async function soakEach({ broker: chosen, ...words }: Words, write: (text: string) => void): Promise<number> {
  let status = 0;
  for (const broker of chosen === "both" ? (["aedes", "mosquitto"] as const) : [chosen]) {
    const reason = chosen === "both" ? skipped(broker, words.kill) : undefined;
    if (reason !== undefined) {
      write(`${broker} is skipped: ${reason}\n`);
      continue;
    }
    const outcome = await soakOne({ broker, ...words }, write);
    if (!outcome.isClean) status = 1;
  }
  return status;
}

function skipped(broker: SoakRun["broker"], kill: SoakRun["kill"]): string | undefined {
  if (broker === "mosquitto" && mosquittoCommand === undefined) return "it is not on PATH";
  return broker === "aedes" && kill === "broker" ? "there the broker is the collector" : undefined;
}

/** Runs one soak and prints what came of it. @throws SertaoError SOAK_OPTION, BROKER_…, COLLECTOR_ENDED, STORE_… */
export async function soakOne(options: SoakRun, write: (text: string) => void): Promise<SoakOutcome> {
  const { broker, devices, link, results, seed } = options;
  write(
    `soak into ${broker}: ${results.toLocaleString("en-US")} results of ${devices} devices, link ${link}, seed ${seed}\n`,
  );
  const folder = mkdtempSync(join(tmpdir(), "sertao-soak-"));
  let place: Place | undefined;
  let isClean = false;
  try {
    const found = (place = await findPlace(options, join(folder, "soak.sqlite")));
    const outcome = await withProgress(broker, results, (progress) =>
      soak({ results, devices, seed, profile: findLinkProfile(link)!, place: found, progress }),
    );
    write(reportText(outcome));
    isClean = outcome.isClean;
    return outcome;
  } finally {
    if (!isClean) write(`  FAILED. Again: npm run soak -- ${commandLine(options)}\n`);
    await place?.close();
    rmSync(folder, { recursive: true });
  }
}

/** The options that make the same run. */
export function commandLine({ broker, results, devices, link, seed, kill }: SoakRun): string {
  const kills = kill === undefined ? "" : ` --kill ${kill}`;
  return `--broker ${broker} --results ${results} --devices ${devices} --link ${link} --seed ${seed}${kills}`;
}

async function withProgress<T>(
  label: string,
  total: number,
  work: (progress: (done: number) => void) => Promise<T>,
): Promise<T> {
  const bar = new Progress(label, total);
  try {
    return await work((done) => bar.update(done));
  } finally {
    bar.stop();
  }
}

function findPlace(options: SoakRun, storeFile: string): Promise<Place> {
  const { broker, kill, results } = options;
  const kills = kill === undefined ? 0 : (options.kills ?? KILLS);
  const speed = speedOf(options, kills);
  const behindMosquitto = broker === "mosquitto";
  if (kill === "collector") return servedPlace({ storeFile, behindMosquitto, speed, results, kills });
  if (kill === "broker" && !behindMosquitto) {
    throw soakOption("With aedes the broker is the collector: take --kill collector.");
  }
  // Synced commits are for this machine's own power cuts, which no soak makes: they would only measure its disk.
  const store = SqliteStore.open(storeFile, { durable: false });
  return behindMosquitto ? mosquittoPlace({ store, speed, results, kills }) : embeddedPlace(store);
}

/** Virtual seconds in a real one, through brokers of other processes. */
function speedOf({ devices, link, results }: SoakRun, kills: number): number {
  const period = periodMs(findLinkProfile(link)!, results / devices);
  const resultsPerSec = (devices * 1000) / period;
  const restful = kills === 0 ? Infinity : ((results / devices) * period) / ((kills + 1) * MS_BETWEEN_KILLS);
  return Math.min(MAX_SPEED, RESULTS_PER_SEC / resultsPerSec, restful);
}

/** Links that ever carry anything. */
function usable(): string[] {
  return linkProfiles.filter(({ phases }) => phases.some(({ state }) => state !== "down")).map(({ name }) => name);
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("It is a whole number above 0.");
  return value;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  // An exit ends the brokers and collectors that were started; a signal alone would leave them.
  for (const [signal, status] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)
    process.once(signal, () => process.exit(status));
  try {
    process.exitCode = await run(process.argv.slice(2), (text) => process.stdout.write(text));
  } catch (error) {
    process.exitCode = error instanceof SertaoError ? error.exitCode : 1;
    process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

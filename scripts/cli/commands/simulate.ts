import { rmSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Board, boards, findBoard } from "../../../boards/index.js";
import { readAppManifest } from "../../bundle/app-manifest.js";
import { buildApp } from "../../bundle/build-app.js";
import { hasSlots } from "../../bundle/boot-files.js";
import { findApp } from "../../bundle/find-app.js";
import { boardUnknown } from "../../errors/board.js";
import { chargeUnknown, deviceCrashed, linkUnknown, resultsLost } from "../../errors/simulate.js";
import { usage } from "../../errors/usage.js";
import { brokerName } from "../../fleet/collector/external-broker.js";
import { SqliteStore } from "../../fleet/store/sqlite-store.js";
import type { Acknowledgement } from "../../provision/provisioning.js";
import { DEFAULT_BATTERY_MAH, estimateBattery } from "../../simulate/energy/battery-life.js";
import { chargePlot } from "../../simulate/energy/charge-plot.js";
import { inferenceTime } from "../../simulate/energy/inference-time.js";
import { writeBytes } from "../../model/model-file.js";
import { findLinkProfile, linkProfiles, type LinkProfile } from "../../simulate/link/profile.js";
import { planReadings } from "../../simulate/readings/plan.js";
import { runOnEspruino } from "../../simulate/espruino/run-on-espruino.js";
import { runApp, type RunOutcome } from "../../simulate/run-app.js";
import { LineView } from "../../simulate/show/line-view.js";
import { LiveView } from "../../simulate/show/live-view.js";
import { showRun } from "../../simulate/show/show-run.js";
import { type Summary, summaryText } from "../../simulate/show/summary.js";
import { BROKEN, planUpdate } from "../../simulate/updates/planned-update.js";
import { SimulatedSigner } from "../../simulate/updates/simulated-signer.js";
import { UpdatePlan } from "../../simulate/updates/update-plan.js";
import { seedStream } from "../../simulate/seed-stream.js";
import { Trace } from "../../simulate/trace.js";
import { positiveCount } from "./fleet-count.js";
import { printJson } from "./fleet-store.js";

/** Made anew for each run that names no other. */
const DEFAULT_STORE = ".sertao/simulation.sqlite";
const READING_BYTES = 4;

interface Options {
  board: string;
  days?: number;
  link: string;
  seed: number;
  devices: number;
  powerCuts: number;
  update?: string[];
  broker?: string;
  collect: boolean;
  ack?: Acknowledgement;
  engine: "quickjs" | "espruino";
  replay?: string;
  map?: ReadonlyMap<string, string>;
  store?: string;
  speed?: number;
  trace?: string;
  batteryMah: number;
  plot?: string;
  json?: true;
}

/** `sertao simulate`. */
export function simulateCommand(program: Command): void {
  program
    .command("simulate <app>")
    .description("run an application's bundle on simulated devices, over a bad link, against broker and collector")
    .option("--board <id>", "board to build for and to imitate", "esp32")
    .option("--days <n>", "days to simulate (default: 4, or as long as the recording)", positiveNumber)
    .option("--link <profile>", linkProfiles.map(({ name, title }) => `${name}: ${title}`).join("; "), "rural")
    .option("--seed <n>", "of link, readings and identities: the same seed gives the same run", wholeNumber, 1)
    .option("--devices <n>", "how many devices", positiveCount, 1)
    .option("--power-cuts <n>", "take each device's power so often, at random, in flash writes too", wholeNumber, 0)
    .option(
      "--update <file>",
      `publish an update in the middle: a model (.tflite, .smod), a build's bundle.js, a configuration (.cfg), or "${BROKEN}" for a model that devices must take back; again for more`,
      (name: string, before: string[] = []) => [...before, name],
    )
    .option("--broker <url>", "another broker (mqtt://host:port), over TCP and at real pace")
    .option("--no-collect", "with --broker: leave the results to sertao fleet serve there")
    .addOption(
      new Option(
        "--ack <how>",
        "what tells devices that a result is safe (default: the collector; PUBACK with --no-collect)",
      ).choices(["puback", "collector"]),
    )
    .addOption(
      new Option("--engine <name>", "quickjs, or the espruino command on PATH")
        .choices(["quickjs", "espruino"])
        .default("quickjs"),
    )
    .option("--replay <file>", "take readings from a CSV file with a header and a time column")
    .option("--map <channel=column,...>", "which column of it a channel is, where names differ", columnMap)
    .option("--store <file>", `keep results in this store, beside what it has (default: a new ${DEFAULT_STORE})`)
    .option(
      "--speed <k>",
      "seconds to simulate in one (with --broker 1, with --engine espruino as needed)",
      positiveNumber,
    )
    .option("--trace <file>", "write everything that happens")
    .option("--battery-mah <n>", "capacity of each device's battery", positiveNumber, DEFAULT_BATTERY_MAH)
    .option("--plot <file>", "draw the charge by state over the days, as SVG")
    .option("--json", "print the summary as JSON")
    .action(simulate);
}

async function simulate(name: string, options: Options): Promise<void> {
  const board = chooseBoard(options.board);
  const profile = chooseProfile(options.link);
  refuseContradictions(board, options);
  const folder = findApp(name);
  const say = (line: string): void => void (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  // What the command line says is looked at before the work of a build.
  const { name: application, ...described } = readAppManifest(folder);
  const plan = planReadings({ application, ...described }, options);
  say(`building ${application} for ${board.title}`);
  const app = await buildApp(folder, board);
  const storeFile = chooseStore(options);
  const store = SqliteStore.open(storeFile, { durable: options.store !== undefined });
  const trace = new Trace(options.trace);
  try {
    say(`${app.manifest.application} ${app.manifest.version}: ${app.code.length} bytes of bundle`);
    say(`link "${profile.name}": ${profile.title}`);
    say(`readings: ${plan.source}`);
    const isLive = process.stdout.isTTY && options.json === undefined;
    const view = isLive ? new LiveView(process.stdout) : new LineView(say);
    const updates = updatePlan(folder, board, plan.startMs, options);
    const run = { board, app, profile, plan, store, trace, days: plan.days, updates };
    const { seed, devices, speed, broker, ack, collect, powerCuts } = options;
    const place = { brokerUrl: broker, acknowledgement: ack, collectsElsewhere: !collect };
    const inferenceMs = await inferenceTime(app, board);
    const common = {
      ...run,
      ...place,
      seed,
      devices,
      powerCuts,
      inferenceMs,
      ...(speed === undefined ? {} : { speed }),
    };
    const outcome =
      options.engine === "espruino"
        ? await runOnEspruino({ ...common, channels: app.manifest.channels ?? [] }, view)
        : await runApp({ ...common, ...showRun(view, store, plan) });
    const summary: Summary = {
      ...outcome.tally,
      application: app.manifest.application,
      board: board.id,
      engine: options.engine,
      seed,
      link: profile.name,
      devices,
      days: plan.days,
      readings: plan.source,
      wallMs: Math.round(outcome.wallMs),
      rawBytes: outcome.tally.samples * (app.manifest.channels?.length ?? 1) * READING_BYTES,
      storageBytes: outcome.storageBytes,
      freePagesUsed: outcome.freePagesUsed,
      freePages: board.freeRegions.reduce((sum, region) => sum + region.pages, 0),
      jsVars: outcome.peakJsVars,
      jsVarsTotal: board.jsVars.count,
      jsVarsMeasured: options.engine === "espruino",
      storeFile: options.collect ? storeFile : undefined,
      traceHash: outcome.traceHash,
      energy: outcome.energy,
      updates: outcome.updates,
      battery:
        typeof outcome.energy === "string"
          ? undefined
          : estimateBattery(options.batteryMah, outcome.energy.averageMilliamps),
    };
    if (options.plot !== undefined) drawCharge(options.plot, board, outcome);
    if (options.json) printJson(summary);
    else say(`\n${summaryText(summary)}`);
    judge(outcome);
  } finally {
    trace.close();
    await store.close();
  }
}

/** Updates of the command line, signed with a key of the run's own. @throws SertaoError FILE_MISSING or MODEL_… */
function updatePlan(
  folder: string,
  board: Board,
  startMs: number,
  { seed, update = [] }: Options,
): UpdatePlan | undefined {
  if (update.length === 0) return undefined;
  // The application's own model has version 1.
  const planned = update.map((name, i) => planUpdate(name, folder, board, i + 2));
  return new UpdatePlan(planned, new SimulatedSigner(seedStream(seed, "update key")), startMs);
}

/** @throws SertaoError CHARGE_UNKNOWN or FILE_… */
function drawCharge(file: string, board: Board, { energy, dutyDays }: RunOutcome): void {
  if (typeof energy === "string" || typeof board.power === "string") throw chargeUnknown(String(energy));
  writeBytes(file, chargePlot(`Charge of ${board.title}`, board.power, dutyDays));
}

function judge({ tally, lastCrash, updates = [] }: RunOutcome): void {
  if (tally.lost > 0) throw resultsLost(tally.lost);
  // What an update does before the device takes it back is what the trial is for.
  const isTakenBack = updates.some(({ state }) => state === "rolled back");
  if (tally.crashes > 0 && !isTakenBack) throw deviceCrashed(tally.crashes, lastCrash ?? "unknown");
}

function chooseBoard(id: string): Board {
  const board = findBoard(id);
  if (board === undefined) throw boardUnknown(id, boards.map((known) => known.id).join(", "));
  return board;
}

function chooseProfile(name: string): LinkProfile {
  const profile = findLinkProfile(name);
  if (profile === undefined) throw linkUnknown(name, linkProfiles.map((known) => known.name).join(", "));
  return profile;
}

function refuseContradictions(board: Board, { broker, collect, ack, engine, powerCuts, update }: Options): void {
  if (broker === undefined && (!collect || ack !== undefined)) throw usage("--no-collect and --ack need --broker.");
  if (broker !== undefined) brokerName(broker);
  if (powerCuts > 0 && engine === "espruino") throw usage("--power-cuts and --engine espruino exclude each other.");
  if (update !== undefined && (engine === "espruino" || !collect || !hasSlots(board)))
    throw usage("--update needs a board with slots, the engine quickjs and the collector here.");
  if (broker !== undefined && engine === "espruino") throw usage("--broker and --engine espruino exclude each other.");
}

function chooseStore({ store, collect }: Options): string {
  if (!collect) return ":memory:";
  if (store === undefined) for (const end of ["", "-wal", "-shm"]) rmSync(DEFAULT_STORE + end, { force: true });
  return store ?? DEFAULT_STORE;
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError("It must be a number above 0.");
  return value;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number of at most nine digits.");
  return Number(text);
}

function columnMap(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(",").map((pair): [string, string] => {
      const [, channel, column] = /^([^=]+)=(.+)$/.exec(pair) ?? [];
      if (channel === undefined || column === undefined)
        throw new InvalidArgumentError("It must be channel=column, separated by commas.");
      return [channel, column];
    }),
  );
}

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { checkBoard } from "../../boards/check-board.js";
import type { Board } from "../../boards/index.js";
import { boardContradiction } from "../errors/board.js";
import { boardFit, type BoardFit } from "../model/board-fit.js";
import { compileModel, type CompiledModel } from "../model/compile.js";
import { operatorsModuleSource } from "../model/operators-module.js";
import { readAppManifest, type AppManifest } from "./app-manifest.js";
import { installationNote } from "../../lib/update/slots.js";
import { bootFiles, hasSlots } from "./boot-files.js";
import { buildManifest, type BuildManifest, type Installation } from "./build-manifest.js";
import { buildAgent, buildKeeper, buildProvisioningKeeper } from "./build-agent.js";
import { compile } from "./compile.js";
import type { Finding } from "./dialect/gate.js";
import { runtimeVersion } from "./package-root.js";
import { remember } from "./remember.js";
import { slotSizes } from "./slot-files.js";
import { refuseTooBig, sizeReport, type SizeReport } from "./size-report.js";

/** What a board boots, and what is known about it. */
export interface BuiltApp {
  /** The minified application. */
  readonly code: string;
  /** Source map, version 3, as JSON. */
  readonly map: string;
  /** Model pack, where the application has a model. */
  readonly pack?: Uint8Array;
  /** Of a board with slots. */
  readonly installation?: Installation;
  /** Of a board without them that has a network: tries a new provisioning. */
  readonly keeper?: string;
  readonly manifest: BuildManifest;
  readonly report: BuildReport;
}

export interface BuildReport extends SizeReport {
  /** Of the model; undefined without one. */
  readonly model: CompiledModel["report"] | undefined;
  readonly warnings: readonly Finding[];
  readonly helpers: readonly string[];
}

export interface BuildOptions {
  /** Leaves the budgets unchecked: for measuring what is too big. */
  readonly ignoreBudgets?: boolean;
}

/**
 * Builds an application for a board: compiles its model, bundles its code with the operators that the model uses,
 * passes the dialect gate and the board's budgets.
 * @param appFolder folder with a `sertao.json`
 * @throws SertaoError APP_MANIFEST_INVALID, BOARD_CONTRADICTION, BACKEND_MISSING, MODEL_*, BUNDLE_*, PACK_TOO_BIG, STORAGE_TOO_SMALL or
 *   MEMORY_TOO_SMALL
 */
export async function buildApp(appFolder: string, board: Board, options: BuildOptions = {}): Promise<BuiltApp> {
  const folder = resolve(appFolder);
  const app = readAppManifest(folder);
  const contradictions = checkBoard(board);
  if (contradictions.length > 0) throw boardContradiction(board.id, contradictions.join(" "));
  const model = compileAppModel(folder, app, board);
  const operators = model && operatorsModuleSource(model.report.kernels, app.backend ?? board.backend, "../lib/nn");
  const script = await compile(folder, app, board, runtimeVersion, operators);
  const fit = model && (await rememberedFit(board, model));
  const { code, map, warnings, helpers } = script;
  const installation = hasSlots(board) ? await install(board, code, model?.pack) : undefined;
  const keeper = installation || !board.modules.includes("net") ? undefined : await rememberedKeeper(board);
  const sizes = sizeReport(script, model, fit, board, installation, keeper);
  if (options.ignoreBudgets !== true) refuseTooBig(sizes, board);
  return {
    code,
    map,
    ...(model && { pack: model.pack }),
    ...(installation && { installation }),
    ...(keeper && { keeper }),
    manifest: buildManifest(app, board, runtimeVersion, code, model, installation, keeper),
    report: { ...sizes, model: model?.report, warnings, helpers },
  };
}

async function install(board: Board, code: string, pack: Uint8Array | undefined): Promise<Installation> {
  const boot = await remember("boot", board, () => bootFiles(board, runtimeVersion));
  const note = installationNote(Buffer.from(code, "latin1"), pack);
  const keeper = await remember("keeper", board, async () => (await buildKeeper(board)).code);
  const agent = await remember("agent", board, async () => (await buildAgent(board)).code);
  return { ...boot, keeper, agent, note, slots: slotSizes(board, code.length, pack?.length) };
}

function rememberedKeeper(board: Board): Promise<string> {
  return remember("provisioning keeper", board, async () => (await buildProvisioningKeeper(board)).code);
}

/** Counting a model's JsVars takes longer than compiling it. */
function rememberedFit(board: Board, model: CompiledModel): Promise<BoardFit> {
  const { kernels, backend, engineBytes } = model.report;
  const pack = createHash("sha256").update(model.pack).digest("hex");
  return remember("fit", [board, pack, kernels, backend, engineBytes], () => boardFit(board, model));
}

function compileAppModel(folder: string, app: AppManifest, board: Board): CompiledModel | undefined {
  if (app.model === undefined) return undefined;
  return compileModel(readFileSync(join(folder, app.model)), {
    rounding: app.rounding ?? "tflm",
    board,
    ...(app.backend && { backend: app.backend }),
    ...(app.labels && { labels: app.labels }),
  });
}

import type { Board } from "../../boards/index.js";
import { bundleTooBig, memoryTooSmall, packTooBig, storageTooSmall } from "../errors/bundle.js";
import type { BoardFit } from "../model/board-fit.js";
import type { CompiledModel } from "../model/compile.js";
import { estimateJsVars, type JsVarEstimate } from "./jsvar-estimate.js";
import { slotsRoom } from "../simulate/flash/slot-layout.js";
import type { Installation } from "./build-manifest.js";
import type { Script } from "./minify.js";
import { moduleSizes, packageModule, type ModuleSize } from "./module-sizes.js";

/** Where the bytes go, against what the board allows. */
export interface SizeReport {
  readonly bundle: { readonly bytes: number; readonly budgetBytes: number };
  readonly modules: readonly ModuleSize[];
  readonly pack: { readonly bytes: number; readonly budgetBytes: number } | undefined;
  /** Files with their headers: application, model, provisioning. */
  readonly storage: { readonly bytes: number; readonly capacityBytes: number };
  /** An estimate, never a measurement. */
  readonly jsVars: JsVarEstimate & { readonly budget: number };
}

const HEADER_BYTES = 32;
const PROVISIONING_BYTES = 512;
/** `sertao.n0` and `sertao.n1`, the boot counter. */
const COUNTER_FILES_BYTES = 2 * (HEADER_BYTES + 8);

/**
 * What a build takes of its board.
 * @param fit what the model takes of it
 * @param installation of a board with slots, which take their room whatever is in them
 * @param keeper of a board without
 */
export function sizeReport(
  script: Script,
  model: CompiledModel | undefined,
  fit: BoardFit | undefined,
  board: Board,
  installation?: Installation,
  keeper?: string,
): SizeReport {
  const { budgets, storage } = board;
  const packBytes = model?.pack.length;
  const bytes = script.code.length;
  const files = [PROVISIONING_BYTES];
  let slotBytes = 0;
  if (keeper !== undefined) files.push(keeper.length);
  if (installation === undefined) files.push(bytes, ...(packBytes === undefined ? [] : [packBytes]));
  else {
    files.push(
      installation.supervisor.length,
      installation.loader.length,
      installation.keeper.length,
      installation.agent.length,
      installation.note.length,
    );
    slotBytes = slotsRoom(installation.slots, storage.pageBytes);
  }
  const stored = files.reduce((sum, file) => sum + HEADER_BYTES + 4 * Math.ceil(file / 4), COUNTER_FILES_BYTES);
  return {
    bundle: { bytes, budgetBytes: budgets.bundleBytes },
    modules: moduleSizes(script, packageModule),
    pack: packBytes === undefined ? undefined : { bytes: packBytes, budgetBytes: budgets.packBytes },
    storage: { bytes: stored + slotBytes, capacityBytes: storage.pageBytes * storage.pages },
    jsVars: { ...estimateJsVars(script.code, fit?.jsVars.total ?? 0), budget: budgets.jsVars },
  };
}

/** Throws BUNDLE_TOO_BIG, PACK_TOO_BIG, STORAGE_TOO_SMALL or MEMORY_TOO_SMALL. */
export function refuseTooBig(report: SizeReport, board: Board): void {
  const { bundle, pack, storage, jsVars } = report;
  const largest = report.modules
    .slice(0, 3)
    .map(({ module, bytes }) => `${module} (${bytes})`)
    .join(", ");
  if (bundle.bytes > bundle.budgetBytes) throw bundleTooBig(bundle.bytes, bundle.budgetBytes, board.id, largest);
  if (pack !== undefined && pack.bytes > pack.budgetBytes) throw packTooBig(pack.bytes, pack.budgetBytes, board.id);
  if (storage.bytes > storage.capacityBytes) throw storageTooSmall(storage.bytes, storage.capacityBytes, board.id);
  if (jsVars.total > jsVars.budget) throw memoryTooSmall(jsVars.total, jsVars.budget, board.id);
}

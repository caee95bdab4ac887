import type { BackendName, Board } from "../../boards/board.js";
import { backendMissing, engineUnknown } from "../errors/engine.js";

export const BACKENDS: readonly BackendName[] = ["loops", "espruino", "tensorflow"];

/** The backend of that name. Throws SertaoError ENGINE_UNKNOWN. */
export function backendNamed(name: string): BackendName {
  const backend = BACKENDS.find((known) => known === name);
  if (backend === undefined) throw engineUnknown(name, BACKENDS.join(", "));
  return backend;
}

/**
 * The backend that a model is compiled for: the one asked for, or else the board's, or else loops.
 * @throws SertaoError BACKEND_MISSING where the board's firmware does not have what it needs
 */
export function chosenBackend(wanted: BackendName | undefined, board: Board | undefined): BackendName {
  const backend = wanted ?? board?.backend ?? "loops";
  if (board === undefined) return backend;
  const runs =
    backend === "loops" ||
    (board.engine === "espruino" && (backend === "espruino" || board.modules.includes("tensorflow")));
  if (!runs) throw backendMissing(backend, board.id);
  return backend;
}

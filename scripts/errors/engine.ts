import { errorKind } from "./sertao-error.js";

export const engineUnknown = errorKind(
  "ENGINE_UNKNOWN",
  "No engine or backend has the given name.",
  (name: string, known: string) => `${name} is not one of ${known}.`,
  "Choose one of them.",
  2,
);

export const engineMissing = errorKind(
  "ENGINE_MISSING",
  "The command of the engine asked for is not on PATH.",
  (name: string) => `There is no command ${name} on this machine.`,
  "Install it, or name it in SERTAO_<ENGINE>.",
);

export const engineFailed = errorKind(
  "ENGINE_FAILED",
  "A script ended with an error on the engine, or without an answer.",
  (name: string, cause: string) => `${name} stopped: ${cause}.`,
  "A model may be too large for the engine's memory; try --engine node.",
);

export const backendMissing = errorKind(
  "BACKEND_MISSING",
  "The engine does not have what the backend needs.",
  (backend: string, engine: string) => `The ${backend} backend does not run on ${engine}.`,
  "Use --backend loops.",
);

export const packForBackend = errorKind(
  "PACK_FOR_BACKEND",
  "A model pack was compiled for a backend and is run by another.",
  (backend: string) => `The pack was compiled for the ${backend} backend.`,
  "Use that backend, or compile the model for a board with the one you want.",
);

import { errorKind } from "./sertao-error.js";

export const appUnknown = errorKind(
  "APP_UNKNOWN",
  "No application has the path or name given.",
  (name: string) => `There is no application "${name}": no such folder holds a sertao.json.`,
  "Give the application's folder, or the name of one in firmware/apps.",
);

export const appManifestInvalid = errorKind(
  "APP_MANIFEST_INVALID",
  "An application's sertao.json is missing, is not JSON, or has a wrong or unknown field.",
  (path: string, problem: string) => `${path}: ${problem}.`,
  "Correct it; docs/bundle.md lists the fields.",
);

export const bundleCompileFailed = errorKind(
  "BUNDLE_COMPILE_FAILED",
  "The application does not compile as device code.",
  (problems: string) => `The application does not compile: ${problems}`,
  "Device code knows ES5, typed arrays and `lib/`, and nothing of Node or the engine (docs/bundle.md).",
);

export const bundleImportUnresolved = errorKind(
  "BUNDLE_IMPORT_UNRESOLVED",
  "A module that the application imports is not found, or comes from npm.",
  (importer: string, name: string) => `${importer} imports "${name}", which is no device code.`,
  'Import files of the application, "sertao/..." or a "sertao:" module.',
);

export const bundleImportCycle = errorKind(
  "BUNDLE_IMPORT_CYCLE",
  "Modules import each other in a circle, so one would be used before it is defined.",
  (cycle: string) => `Imports go in a circle: ${cycle}.`,
  "Move what they share into a module of its own.",
);

export const bundleHelperForbidden = errorKind(
  "BUNDLE_HELPER_FORBIDDEN",
  "A construct needs a helper function that is larger than the code it serves, or unproved on the engine.",
  (place: string, helper: string, construct: string) => `${place} uses ${construct} (helper ${helper}).`,
  "Write it in plain ES5: loops, concat, named properties.",
);

export const bundleDialect = errorKind(
  "BUNDLE_DIALECT",
  "The bundle uses what the board's engine lacks or gets silently wrong.",
  (engine: string, findings: string) => `Not for ${engine}: ${findings}`,
  "Write it another way: docs/bundle.md has every rule with its reason.",
);

export const bundleTooBig = errorKind(
  "BUNDLE_TOO_BIG",
  "The minified application exceeds the board's budget.",
  (bytes: number, budget: number, board: string, largest: string) =>
    `The bundle has ${bytes} bytes and ${board} allows ${budget}; the largest parts are ${largest}.`,
  "Leave out what is not used, or raise budgets.bundleBytes in the board's file.",
);

export const packTooBig = errorKind(
  "PACK_TOO_BIG",
  "The model pack exceeds the board's budget.",
  (bytes: number, budget: number, board: string) => `The model pack has ${bytes} bytes and ${board} allows ${budget}.`,
  "Train a smaller model, or raise budgets.packBytes in the board's file.",
);

export const storageTooSmall = errorKind(
  "STORAGE_TOO_SMALL",
  "Application, model pack and provisioning do not fit the board's Storage together.",
  (bytes: number, capacity: number, board: string) =>
    `The files take ${bytes} bytes of Storage and ${board} has ${capacity}.`,
  "Make the application or the model smaller.",
);

export const memoryTooSmall = errorKind(
  "MEMORY_TOO_SMALL",
  "Application and arena need more JsVars than the board's budget, by the estimate of the size report.",
  (vars: number, budget: number, board: string) =>
    `The application needs about ${vars} JsVars (an estimate) and ${board} allows ${budget}.`,
  "Make the model's arena or the outbox smaller, or raise budgets.jsVars in the board's file.",
);

export const sleepUnsupported = errorKind(
  "SLEEP_UNSUPPORTED",
  "The application sleeps between samples, and the board cannot sleep deeply or loses what must survive.",
  (board: string, why: string) => `${board} cannot sleep deeply: ${why}.`,
  "Leave out `sleep` in the application, or build for a board that `sertao boards` says can sleep.",
);

export const sleepPulses = errorKind(
  "SLEEP_PULSES",
  "The application sleeps between samples, and counts pulses, which nobody counts meanwhile.",
  () => "Pulses are not counted in deep sleep, so a rain gauge or anemometer would never give a value.",
  "Leave out `sleep`, or the sensors that count pulses.",
);

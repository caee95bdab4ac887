import { errorKind } from "./sertao-error.js";

export const initFolderTaken = errorKind(
  "INIT_FOLDER_TAKEN",
  "A new application was to be written into a folder that has files of another kind.",
  (folder: string, name: string) => `${folder} has "${name}" in it already.`,
  "Name a folder that does not exist yet, or one with nothing but npm's own files.",
);

export const initPackageInvalid = errorKind(
  "INIT_PACKAGE_INVALID",
  "The package.json of the folder for a new application is not JSON.",
  (path: string) => `${path} does not hold a JSON object.`,
  "Correct it, or remove it: one is written.",
);

export const initName = errorKind(
  "INIT_NAME",
  "The name of a new application breaks the rules for names.",
  (name: string) => `"${name}" is no name for an application: 1 to 32 characters of a-z, 0-9 and -.`,
  "Name one with --name; without it the folder's is taken.",
);

export const initSensorUnknown = errorKind(
  "INIT_SENSOR_UNKNOWN",
  "There is no driver of a name that was given to sertao init.",
  (name: string, known: string) => `There is no sensor "${name}". Known: ${known}.`,
  "Choose among them; others are written into main.ts by hand (docs/sensors.md).",
);

export const initSensorsClash = errorKind(
  "INIT_SENSORS_CLASH",
  "Two sensors of a new application would give channels of one name.",
  (first: string, second: string, channel: string) => `${first} and ${second} both give ${channel}.`,
  "Choose one of them; two of a kind are written into main.ts by hand (docs/sensors.md).",
);

export const initNoPlace = errorKind(
  "INIT_NO_PLACE",
  "A board has no bus or pin left for a sensor.",
  (sensor: string, board: string, place: string) => `${board} has no ${place} left for ${sensor}.`,
  "Choose fewer sensors or another board (sertao boards --json lists buses and pins).",
);

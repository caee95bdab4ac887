import { errorKind } from "./sertao-error.js";

const DOWNLOAD = "Unpack the board's archive from espruino.com/Download and name its folder with --firmware.";

export const firmwareMissing = errorKind(
  "FIRMWARE_MISSING",
  "A file of the engine's firmware is not where it was looked for.",
  (part: string, names: string, where: string) => `The ${part} is missing: there is no ${names} in ${where}.`,
  DOWNLOAD,
);

export const firmwareAmbiguous = errorKind(
  "FIRMWARE_AMBIGUOUS",
  "Several files could be the same part of the firmware.",
  (part: string, files: string) => `More than one file could be the ${part}: ${files}.`,
  "Name the files one by one with --firmware.",
);

export const firmwareUnknownFile = errorKind(
  "FIRMWARE_UNKNOWN_FILE",
  "A file given as firmware has a name that is none of the board's.",
  (file: string, names: string) => `${file} is none of ${names}.`,
  DOWNLOAD,
);

export const firmwareInvalid = errorKind(
  "FIRMWARE_INVALID",
  "A firmware file is not what its name says, or is damaged.",
  (file: string, problem: string) => `${file}: ${problem}.`,
  "Download the firmware again.",
);

export const firmwareWrongChip = errorKind(
  "FIRMWARE_WRONG_CHIP",
  "A firmware file was built for another chip.",
  (file: string, found: string, wanted: string) => `${file} is for ${found}, and the board has an ${wanted}.`,
  DOWNLOAD,
);

export const firmwareTooLong = errorKind(
  "FIRMWARE_TOO_LONG",
  "A firmware file does not fit the place that it has in the flash.",
  (file: string, bytes: number, room: number) => `${file} has ${bytes} bytes, and its place ${room}.`,
  "Take a build whose partition table belongs to it.",
);

export const firmwarePartitions = errorKind(
  "FIRMWARE_PARTITIONS",
  "The partition table is not the one that the board's file describes.",
  (file: string, problem: string) => `${file}: ${problem}.`,
  "Take the partition table that Espruino ships for the board.",
);

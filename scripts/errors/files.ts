import { errorKind } from "./sertao-error.js";

export const fileMissing = errorKind(
  "FILE_MISSING",
  "A file named on the command line does not exist.",
  (path: string) => `${path} does not exist.`,
  "Check the path.",
);

export const fileUnreadable = errorKind(
  "FILE_UNREADABLE",
  "A file or folder exists and cannot be read or written.",
  (path: string, cause: string) => `${path}: ${cause}.`,
  "Check its permissions and the free space.",
);

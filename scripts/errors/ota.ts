import { errorKind } from "./sertao-error.js";

export const keyExists = errorKind(
  "OTA_KEY_EXISTS",
  "A key was to be made where there is one already.",
  (file: string) => `${file} exists.`,
  "Name another file with --out FILE. A key that has signed anything must not be lost or replaced by accident.",
);

export const keyDamaged = errorKind(
  "OTA_KEY_DAMAGED",
  "A file named as a signing key or public key is damaged, or is something else.",
  (file: string, problem: string) => `${file} is no key: ${problem}.`,
  "Check the path. If the key is gone, sign with the spare and revoke this one (docs/updates.md).",
);

export const passphraseWrong = errorKind(
  "OTA_PASSPHRASE_WRONG",
  "The passphrase does not open the key file, or somebody has changed the file.",
  (file: string) => `${file} does not open.`,
  "Try the passphrase again; after three failures suspect the file.",
);

export const passphraseMissing = errorKind(
  "OTA_PASSPHRASE_MISSING",
  "No passphrase was given, or it is too short for a new key.",
  (problem: string) => problem,
  "Type it when asked, or name a file with --passphrase-file FILE or a variable with --passphrase-env NAME.",
  2,
);

export const keyBusy = errorKind(
  "OTA_KEY_BUSY",
  "Another process signs with the key and does not end.",
  (file: string) => `${file} is in use by another process.`,
  "Wait for it or end it; the lock goes with the process.",
);

export const keyOld = errorKind(
  "OTA_KEY_OLD",
  "The key file is an older copy: the journal has signatures that it does not know of.",
  (file: string, next: number, used: number) =>
    `${file} would sign with index ${next}, and index ${used} is used already: it is an older copy.`,
  "Bring back the newest copy, or go on above everything that was ever signed with --skip-to INDEX.",
);

export const journalMissing = errorKind(
  "OTA_JOURNAL_MISSING",
  "The journal of used indices is not where it should be, so nothing proves that the key file is the newest copy.",
  (file: string) => `There is no journal at ${file}.`,
  "Name it with --journal FILE, or go on above everything that was ever signed with --skip-to INDEX.",
);

export const journalDamaged = errorKind(
  "OTA_JOURNAL_DAMAGED",
  "A line of the journal of used indices is not one that sertao ota wrote.",
  (file: string, line: number) => `${file}, line ${line} is no entry.`,
  "Restore the journal, or move it away and go on above everything that was ever signed with --skip-to INDEX.",
);

export const skipBack = errorKind(
  "OTA_SKIP_BACK",
  "The index of --skip-to is used already, or beyond the last of the key.",
  (index: number, least: number, last: number) => `${index} is not between ${least} and ${last}.`,
  "Name one above everything that was ever signed with this key.",
  2,
);

export const keyExhausted = errorKind(
  "OTA_KEY_EXHAUSTED",
  "The key has no signatures left.",
  (file: string, count: number) => `All ${count} signatures of ${file} are used.`,
  "Sign with the spare, and give the devices another key with sertao ota revoke SLOT --new-key FILE.",
);

export const manifestInvalid = errorKind(
  "OTA_MANIFEST_INVALID",
  "What an update should say of itself breaks the rules of docs/updates.md.",
  (problem: string) => `The manifest is not valid: ${problem}.`,
  "Correct the option or the file it comes from; docs/updates.md lists the fields.",
  2,
);

export const imageUnknown = errorKind(
  "OTA_IMAGE_UNKNOWN",
  "It cannot be told what a file to sign is, or which application it is for.",
  (file: string, problem: string) => `${file}: ${problem}.`,
  "Sign a file of a build's folder, or name what is missing with --kind and --application.",
  2,
);

export const updateDamaged = errorKind(
  "OTA_UPDATE_DAMAGED",
  "A file is no signed update, or is damaged.",
  (file: string, problem: string) => `${file} is no signed update: ${problem}.`,
  "Sign the image again with sertao ota sign FILE.",
);

export const signatureInvalid = errorKind(
  "OTA_SIGNATURE_INVALID",
  "No key that was given has signed an update.",
  (file: string) => `${file} is not signed by any of the given keys, or was changed afterwards.`,
  "Do not publish it. Check where it comes from, and that the keys are the devices'.",
);

export const signingFailed = errorKind(
  "OTA_SIGNING_FAILED",
  "A signature that was just made does not verify; it was not released.",
  (index: number) => `The signature with index ${index} does not verify.`,
  "Do not use this machine for signing: its memory or processor is not reliable.",
);

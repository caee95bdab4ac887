import { describe, expect, it } from "vitest";
import { KeyFile } from "../../../scripts/ota/key-file.js";
import { signFiles } from "../../../scripts/ota/sign-files.js";
import { Signer } from "../../../scripts/ota/signer.js";
import { CrashingDisk } from "./crashing-disk.js";
import { JOURNAL, KEY, makeKey, options, PASSPHRASE, sign } from "./signing.js";

const made = new CrashingDisk();
makeKey(made);
made.restart("both");

/** Files of a disk, to bring back later. */
const take = (disk: CrashingDisk, path: string): Uint8Array => Uint8Array.from(disk.read(path)!);

/** Puts a file in place, whole and durable. */
function put(disk: CrashingDisk, path: string, bytes: Uint8Array): void {
  disk.write(path, bytes);
  disk.restart("both");
}

describe("the signer", () => {
  it("gives out every index once, in order, and ends with the last", () => {
    const disk = made.copy();
    expect(sign(disk, "a", 30)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(sign(disk, "b", 2)).toEqual([30, 31]);
    expect(() => sign(disk, "c", 1)).toThrow("OTA_KEY_EXHAUSTED: All 32 signatures");
  });

  it("says how many are left, and when few", () => {
    const disk = made.copy();
    const left = (): object => Signer.use(options(disk), (signer) => signer.remaining);
    expect(left()).toEqual({ left: 32, of: 32, few: false });
    sign(disk, "a", 28);
    expect(left()).toEqual({ left: 4, of: 32, few: false });
    sign(disk, "b", 1);
    expect(left()).toEqual({ left: 3, of: 32, few: true });
  });

  it("numbers updates by the time, and never back", () => {
    const next = (disk: CrashingDisk, nowMs: number): number =>
      Signer.use(options(disk, { nowMs: () => nowMs }), (signer) => signer.nextSequence());
    const disk = made.copy();
    sign(disk, "a", 3);
    expect(next(disk, 1_760_000_100_000)).toBe(1_760_000_100);
    expect(next(disk, 5_000)).toBe(1_760_000_003);
  });

  it("refuses an older copy of the key file, and goes on above what was used when told to", () => {
    const disk = made.copy();
    sign(disk, "a", 4);
    const older = take(disk, KEY);
    sign(disk, "b", 3);
    put(disk, KEY, older);
    expect(() => sign(disk, "c", 1)).toThrow("OTA_KEY_OLD: /keys/working.key would sign with index 4, and index 6");
    expect(() => sign(disk, "c", 1, { skipTo: 6 })).toThrow("OTA_SKIP_BACK: 6 is not between 7 and 31");
    expect(sign(disk, "c", 1, { skipTo: 7 })).toEqual([7]);
    put(disk, KEY, older);
    expect(() => sign(disk, "d", 1)).toThrow("OTA_KEY_OLD");
  });

  it("refuses an index that is known to be published", () => {
    const disk = made.copy();
    sign(disk, "a", 2);
    expect(() => sign(disk, "b", 1, { highestPublished: 2 })).toThrow("OTA_KEY_OLD");
    expect(sign(disk, "b", 1, { highestPublished: 1 })).toEqual([2]);
  });

  it("refuses to sign without its journal, or with another key's", () => {
    const disk = made.copy();
    const other = new CrashingDisk();
    makeKey(other);
    put(disk, JOURNAL, take(other, JOURNAL));
    expect(() => sign(disk, "a", 1)).toThrow("OTA_JOURNAL_DAMAGED");
    const elsewhere = { journalFile: () => "/state/elsewhere" };
    expect(() => sign(disk, "a", 1, elsewhere)).toThrow("OTA_JOURNAL_MISSING: There is no journal at /state/elsewhere");
    expect(sign(disk, "a", 2, { ...elsewhere, skipTo: 9 })).toEqual([9, 10]);
    expect(sign(disk, "b", 1, elsewhere)).toEqual([11]);
  });

  it("refuses a journal that is cut or changed", () => {
    const disk = made.copy();
    sign(disk, "a", 2);
    const journal = Buffer.from(take(disk, JOURNAL)).toString();
    for (const changed of [
      journal.slice(0, -1),
      journal.slice(0, -30),
      `${journal}x\n`,
      journal.replace('"index":1', '"index":-1'),
      "",
    ]) {
      put(disk, JOURNAL, Buffer.from(changed));
      expect(() => sign(disk, "b", 1), JSON.stringify(changed)).toThrow("OTA_JOURNAL_DAMAGED");
    }
  });

  it("uses up no index for what cannot be signed", () => {
    const disk = made.copy();
    const tooLong = (signer: Signer): unknown => signer.sign(new Uint8Array(1800), 1, "too long");
    expect(() => Signer.use(options(disk), tooLong)).toThrow(
      "OTA_MANIFEST_INVALID: The manifest is not valid: with its signature",
    );
    expect(sign(disk, "a", 1)).toEqual([0]);
  });

  it("refuses a sequence that was signed already", () => {
    const disk = made.copy();
    sign(disk, "a", 1);
    const again = (signer: Signer): unknown => signFiles(signer, [], { disk, sequence: 1_760_000_000 });
    expect(() => Signer.use(options(disk), again)).toThrow("sequence 1760000000 is not above 1760000000");
  });
});

describe("a key file", () => {
  const bytes = take(made, KEY);
  const document = JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
  const changed = (change: Record<string, unknown>): Buffer => Buffer.from(JSON.stringify({ ...document, ...change }));
  const open = (file: Uint8Array, passphrase = PASSPHRASE): KeyFile => KeyFile.open(file, passphrase, "working.key");

  it("opens with its passphrase alone", () => {
    expect(open(bytes).next).toBe(0);
    expect(() => open(bytes, "correct horse batterx")).toThrow("OTA_PASSPHRASE_WRONG");
  });

  it("does not hold the seed in the open, and looks different each time", () => {
    const { key } = open(bytes);
    const [one, two] = [open(bytes).encode().toString(), open(bytes).encode().toString()];
    const seed = Buffer.from(key.seed);
    for (const text of [Buffer.from(bytes).toString(), one, two])
      for (const form of ["hex", "base64", "latin1"] as const) expect(text).not.toContain(seed.toString(form));
    expect(JSON.parse(one)).not.toMatchObject({ nonce: (JSON.parse(two) as { nonce: string }).nonce });
  });

  it("does not open with a next index, slot or cost that somebody has changed", () => {
    const later = open(bytes).advancedTo(5).encode();
    const back = Buffer.from(later.toString().replace('"next": 5', '"next": 4'));
    expect(open(later).next).toBe(5);
    expect(() => open(back)).toThrow("OTA_PASSPHRASE_WRONG");
    expect(() => open(changed({ slot: "spare" }))).toThrow("OTA_PASSPHRASE_WRONG");
    expect(() => open(changed({ scrypt: { ...(document["scrypt"] as object), N: 32 } }))).toThrow(
      "OTA_PASSPHRASE_WRONG",
    );
  });

  it("is refused where it is damaged, with the reason", () => {
    const publicKey = Buffer.from(document["publicKey"] as string, "base64");
    const otherRoot = Buffer.from(publicKey);
    otherRoot[59]! ^= 1;
    const cases: [Buffer, string][] = [
      [Buffer.from("no JSON"), "not JSON"],
      [Buffer.from("null"), "something else"],
      [changed({ format: "ssh" }), "something else"],
      [changed({ version: 2 }), "version 2 is unknown"],
      [changed({ slot: "third" }), "slot"],
      [changed({ publicKey: "AAAA" }), "public key"],
      [changed({ next: -1 }), "next index"],
      [changed({ next: 33 }), "next index"],
      [changed({ next: "1" }), "next index"],
      [changed({ scrypt: undefined }), "scrypt"],
      [changed({ scrypt: { ...(document["scrypt"] as object), N: 2 ** 30 } }), "scrypt"],
      [changed({ scrypt: { ...(document["scrypt"] as object), N: 24 } }), "scrypt"],
      [changed({ nonce: "AAAA" }), "wrong length"],
      [changed({ seed: 5 }), "wrong length"],
      [changed({ leaves: "" }), "leaves are missing"],
      [changed({ leaves: Buffer.alloc(32 * 32).toString("base64") }), "contradict each other"],
    ];
    for (const [file, problem] of cases) expect(() => open(file), problem).toThrow(problem);
    expect(() => open(changed({ publicKey: otherRoot.toString("base64") }))).toThrow("OTA_PASSPHRASE_WRONG");
  });
});

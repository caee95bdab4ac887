import { journalDamaged, journalMissing } from "../errors/ota.js";
import { replaceFile, type Disk } from "./disk.js";

/** What an index was used for. */
export interface JournalEntry {
  readonly index: number;
  /** Sequence of the manifest; 0 where the index was passed over. */
  readonly sequence: number;
  /** ISO time. */
  readonly at: string;
  /** What was signed, in words. */
  readonly what: string;
}

/**
 * The indices that a key has used, kept apart from the key file: it tells when an older copy of that comes back. A text
 * file with a line of JSON for each, the key id in the first.
 */
export class IndexJournal {
  readonly #disk: Disk;
  readonly #file: string;
  readonly #keyId: string;
  #entries: JournalEntry[] = [];

  private constructor(disk: Disk, file: string, keyId: Uint8Array) {
    this.#disk = disk;
    this.#file = file;
    this.#keyId = Buffer.from(keyId).toString("hex");
  }

  /** Begins the journal of a new key, or of one whose journal is lost. */
  static begin(disk: Disk, file: string, keyId: Uint8Array): IndexJournal {
    const journal = new IndexJournal(disk, file, keyId);
    journal.#write();
    return journal;
  }

  /** @throws SertaoError OTA_JOURNAL_MISSING, OTA_JOURNAL_DAMAGED */
  static open(disk: Disk, file: string, keyId: Uint8Array): IndexJournal {
    const bytes = disk.read(file);
    if (bytes === undefined) throw journalMissing(file);
    const journal = new IndexJournal(disk, file, keyId);
    const [head, ...lines] = Buffer.from(bytes).toString("utf8").split("\n");
    if (head !== journal.#head() || lines.pop() !== "") throw journalDamaged(file, 1);
    journal.#entries = lines.map((line, i) => entryIn(line) ?? refuse(file, i + 2));
    return journal;
  }

  /** Highest index that was used; -1 where none was. */
  get highest(): number {
    return Math.max(-1, ...this.#entries.map(({ index }) => index));
  }

  /** Greatest sequence that was signed; 0 where none was. */
  get lastSequence(): number {
    return Math.max(0, ...this.#entries.map(({ sequence }) => sequence));
  }

  /** Durable when it returns. */
  add(entry: JournalEntry): void {
    this.#entries.push(entry);
    this.#write();
  }

  #write(): void {
    const lines = [this.#head(), ...this.#entries.map((entry) => JSON.stringify(entry))];
    replaceFile(this.#disk, this.#file, Buffer.from(lines.map((line) => `${line}\n`).join("")));
  }

  #head(): string {
    return JSON.stringify({ format: "sertao-ota-journal", version: 1, key: this.#keyId });
  }
}

function entryIn(line: string): JournalEntry | undefined {
  try {
    const entry = JSON.parse(line) as JournalEntry;
    const counts = Number.isInteger(entry.index) && Number.isInteger(entry.sequence) && entry.index >= 0;
    return counts && typeof entry.at === "string" && typeof entry.what === "string" ? entry : undefined;
  } catch {
    return undefined;
  }
}

function refuse(file: string, line: number): never {
  throw journalDamaged(file, line);
}

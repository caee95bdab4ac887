import { createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileUnreadable } from "../../errors/files.js";
import { passwordsDamaged } from "../../errors/fleet.js";

/** RFC 7914: 16 MB and some 30 ms for a guess. */
const COST = { N: 16384, r: 8, p: 1 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;
const LINE = /^([a-z0-9]{1,23}):scrypt:([A-Za-z0-9+/=]{24}):([A-Za-z0-9+/=]{44})$/;
const OWNER_ONLY = 0o600;

interface Entry {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** The devices' password hashes, one line each (`device:scrypt:salt:hash`), read again when the file changes. */
export class PasswordFile {
  readonly #file: string;
  #entries = new Map<string, Entry>();
  #changedMs = -1;
  /** What was verified since the file was read, keyed by this process alone: a reconnecting fleet costs no scrypt. */
  readonly #verified = new Map<string, Buffer>();
  readonly #key = randomBytes(32);
  readonly #nobody: Entry = { salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };

  /** @throws SertaoError FILE_UNREADABLE, PASSWORDS_DAMAGED */
  constructor(file: string) {
    this.#file = file;
    this.#refresh();
  }

  get count(): number {
    return this.#entries.size;
  }

  /** True where the password is the device's. An unknown device takes as long as a known one. */
  async verify(device: string, password: Uint8Array): Promise<boolean> {
    this.#refresh();
    const entry = this.#entries.get(device);
    const tag = createHmac("sha256", this.#key).update(`${device}:`).update(password).digest();
    const seen = this.#verified.get(device);
    if (entry !== undefined && seen !== undefined && timingSafeEqual(seen, tag)) return true;
    const { salt, hash } = entry ?? this.#nobody;
    const right = timingSafeEqual(await derive(password, salt), hash) && entry !== undefined;
    if (right && this.#entries.get(device) === entry) this.#verified.set(device, tag);
    return right;
  }

  /** Adds or replaces a device's password. */
  async set(device: string, password: Uint8Array): Promise<void> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await derive(password, salt);
    this.#refresh();
    this.#entries.set(device, { salt, hash });
    this.#write();
  }

  #refresh(): void {
    if (!existsSync(this.#file)) {
      this.#entries.clear();
      this.#verified.clear();
      return;
    }
    const changedMs = statSync(this.#file).mtimeMs;
    if (changedMs === this.#changedMs) return;
    this.#entries = parse(this.#file, readText(this.#file));
    this.#changedMs = changedMs;
    this.#verified.clear();
  }

  /** Written aside and renamed: a reader sees the old file or the new one. */
  #write(): void {
    const lines = [...this.#entries].map(
      ([device, { salt, hash }]) => `${device}:scrypt:${salt.toString("base64")}:${hash.toString("base64")}\n`,
    );
    const aside = `${this.#file}.${process.pid}.new`;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      writeFileSync(aside, lines.join(""), { mode: OWNER_ONLY, flush: true });
      renameSync(aside, this.#file);
    } catch (error) {
      throw fileUnreadable(this.#file, reason(error));
    }
  }
}

function parse(file: string, text: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  text.split("\n").forEach((line, index) => {
    if (line === "") return;
    const [, device, salt, hash] = LINE.exec(line) ?? [];
    if (device === undefined || salt === undefined || hash === undefined) throw passwordsDamaged(file, index + 1);
    entries.set(device, { salt: Buffer.from(salt, "base64"), hash: Buffer.from(hash, "base64") });
  });
  return entries;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw fileUnreadable(file, reason(error));
  }
}

function derive(password: Uint8Array, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, COST, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

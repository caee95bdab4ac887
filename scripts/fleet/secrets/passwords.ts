import { createHmac, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { passwordsDamaged } from "../../errors/fleet.js";
import { DeviceLines, type LineFormat } from "./device-lines.js";

/** RFC 7914: 16 MB and some 30 ms for a guess. */
const COST = { N: 16384, r: 8, p: 1 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;
const LINE = /^([a-z0-9]{1,23}):scrypt:([A-Za-z0-9+/=]{24}):([A-Za-z0-9+/=]{44})$/;

interface Entry {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const FORMAT: LineFormat<Entry> = {
  parse(line) {
    const [, device, salt, hash] = LINE.exec(line) ?? [];
    if (device === undefined || salt === undefined || hash === undefined) return undefined;
    return { device, entry: { salt: Buffer.from(salt, "base64"), hash: Buffer.from(hash, "base64") } };
  },
  write: (device, { salt, hash }) => `${device}:scrypt:${salt.toString("base64")}:${hash.toString("base64")}`,
  damaged: passwordsDamaged,
};

/** The devices' password hashes, one line each (`device:scrypt:salt:hash`). */
export class PasswordFile {
  readonly #lines: DeviceLines<Entry>;
  #known: ReadonlyMap<string, Entry> | undefined;
  /** What was verified since the file was read, keyed by this process alone: a reconnecting fleet costs no scrypt. */
  readonly #verified = new Map<string, Buffer>();
  readonly #key = randomBytes(32);
  readonly #nobody: Entry = { salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };

  /** @throws SertaoError FILE_UNREADABLE, PASSWORDS_DAMAGED */
  constructor(file: string) {
    this.#lines = new DeviceLines(file, FORMAT);
    this.#entries();
  }

  get count(): number {
    return this.#entries().size;
  }

  /** True where the password is the device's. An unknown device takes as long as a known one. */
  async verify(device: string, password: Uint8Array): Promise<boolean> {
    const entries = this.#entries();
    const entry = entries.get(device);
    const tag = createHmac("sha256", this.#key).update(`${device}:`).update(password).digest();
    const seen = this.#verified.get(device);
    if (entry !== undefined && seen !== undefined && timingSafeEqual(seen, tag)) return true;
    const { salt, hash } = entry ?? this.#nobody;
    const right = timingSafeEqual(await derive(password, salt), hash) && entry !== undefined;
    if (right && this.#entries() === entries) this.#verified.set(device, tag);
    return right;
  }

  /** Adds or replaces a device's password. */
  async set(device: string, password: Uint8Array): Promise<void> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await derive(password, salt);
    this.#lines.set(device, { salt, hash });
  }

  #entries(): ReadonlyMap<string, Entry> {
    const entries = this.#lines.entries();
    if (entries !== this.#known) {
      this.#known = entries;
      this.#verified.clear();
    }
    return entries;
  }
}

function derive(password: Uint8Array, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, COST, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

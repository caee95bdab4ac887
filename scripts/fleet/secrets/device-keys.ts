import { statSync } from "node:fs";
import { keysDamaged, keysExposed } from "../../errors/fleet.js";
import { DeviceLines, type LineFormat } from "./device-lines.js";

/** Bytes of a device key. */
export const DEVICE_KEY_BYTES = 32;

const LINE = /^([a-z0-9]{1,23}):([0-9a-f]{64})$/;
const OTHERS = 0o077;

/** Device keys, by device: what `time` messages are authenticated with. */
export interface DeviceKeys {
  /** 32 bytes; undefined for a device without a key. */
  find(device: string): Uint8Array | undefined;
}

const FORMAT: LineFormat<Buffer> = {
  parse(line) {
    const [, device, key] = LINE.exec(line) ?? [];
    return device === undefined || key === undefined ? undefined : { device, entry: Buffer.from(key, "hex") };
  },
  write: (device, key) => `${device}:${key.toString("hex")}`,
  damaged: keysDamaged,
};

/** A file of device keys, one line each (`device:hex`). Unlike a password's hash a key is the secret itself. */
export class KeyFile implements DeviceKeys {
  readonly #file: string;
  readonly #lines: DeviceLines<Buffer>;

  /** @throws SertaoError FILE_UNREADABLE, KEYS_DAMAGED, KEYS_EXPOSED */
  constructor(file: string) {
    this.#file = file;
    this.#lines = new DeviceLines(file, FORMAT);
    this.#entries();
  }

  get count(): number {
    return this.#entries().size;
  }

  find(device: string): Uint8Array | undefined {
    return this.#entries().get(device);
  }

  /** Adds or replaces a device's key. */
  set(device: string, key: Uint8Array): void {
    this.#lines.set(device, Buffer.from(key));
  }

  #entries(): ReadonlyMap<string, Buffer> {
    const found = statSync(this.#file, { throwIfNoEntry: false });
    // Windows has no such bits.
    if (found !== undefined && process.platform !== "win32" && (found.mode & OTHERS) !== 0)
      throw keysExposed(this.#file);
    return this.#lines.entries();
  }
}

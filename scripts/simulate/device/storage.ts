/** Files as Espruino's Storage keeps them; what a device's `require("Storage")` works on. */
export interface DeviceStorage {
  read(name: string): Uint8Array | undefined;
  /** Offset 0 creates or replaces; another fills bytes that are still erased. Throws as Storage does. */
  write(name: string, bytes: Uint8Array, offset: number, size: number): boolean;
  erase(name: string): void;
  list(): string[];
  freeBytes(): number;
}

const HEADER_BYTES = 32;
const MAX_NAME_BYTES = 28;

/** Storage whose files outlive reboots, without pages beneath: it neither tears nor wears. */
export class MemoryStorage implements DeviceStorage {
  readonly #files = new Map<string, Uint8Array>();

  constructor(readonly capacityBytes: number) {}

  read(name: string): Uint8Array | undefined {
    return this.#files.get(cut(name));
  }

  write(name: string, bytes: Uint8Array, offset: number, size: number): boolean {
    const key = cut(name);
    if (bytes.length === 0) throw new Error("Can't create zero length file");
    if (offset === 0) {
      const length = Math.max(size, bytes.length);
      // The old file is erased first: where the new one does not fit, both are gone.
      this.#files.delete(key);
      if (stored(length) > this.freeBytes()) return false;
      this.#files.set(key, new Uint8Array(length).fill(0xff));
    }
    const file = this.#files.get(key);
    if (file === undefined) throw new Error("Unable to find or create file");
    if (offset + bytes.length > file.length) throw new Error("Too much data for file size");
    for (let i = 0; i < bytes.length; i++) file[offset + i] = file[offset + i]! & bytes[i]!;
    return true;
  }

  erase(name: string): void {
    this.#files.delete(cut(name));
  }

  list(): string[] {
    return [...this.#files.keys()];
  }

  freeBytes(): number {
    let used = 0;
    for (const file of this.#files.values()) used += stored(file.length);
    return this.capacityBytes - used;
  }
}

function cut(name: string): string {
  return name.slice(0, MAX_NAME_BYTES);
}

function stored(bytes: number): number {
  return HEADER_BYTES + 4 * Math.ceil(bytes / 4);
}

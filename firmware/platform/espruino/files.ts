import type { FileStore } from "../../../lib/hal/file-store.js";

/** Files in Espruino's Storage. Names over 28 bytes would be cut silently: the build refuses them. */
export class EspruinoFiles implements FileStore {
  private readonly _storage = require("Storage");

  read(name: string): ArrayBuffer | undefined {
    return this._storage.readArrayBuffer(name) || undefined;
  }

  write(name: string, bytes: Uint8Array): boolean {
    try {
      return this._storage.write(name, bytes);
    } catch (_) {
      return false;
    }
  }

  erase(name: string): void {
    this._storage.erase(name);
  }
}

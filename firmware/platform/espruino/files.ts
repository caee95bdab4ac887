import type { FileStore } from "../../../lib/hal/file-store.js";

/** Files in Espruino's Storage. Names over 28 bytes would be cut silently: the build refuses them. */
export class EspruinoFiles implements FileStore {
  private readonly _storage = require("Storage");

  read(name: string): ArrayBuffer | undefined {
    return this._storage.readArrayBuffer(name) || undefined;
  }

  pieces(name: string, pieceBytes: number): ArrayBuffer[] {
    const list: ArrayBuffer[] = [];
    for (let at = 0; ; at += pieceBytes) {
      const text = this._storage.read(name, at, pieceBytes);
      if (!text) return list;
      list.push(E.toArrayBuffer(text));
    }
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

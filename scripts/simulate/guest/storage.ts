import type { GuestPart } from "./guest.js";

/** `require("Storage")` and `require("Flash")`. */
export const storagePart: GuestPart = (_root, host, kit) => {
  const buffer = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer;
  const part = (file: ArrayBuffer, offset: unknown, length: unknown): Uint8Array => {
    const start = Math.max(0, Number(offset) || 0);
    const count = Number(length) || file.byteLength;
    return new Uint8Array(file).slice(start, start + count);
  };
  const contents = (data: unknown): Uint8Array => {
    const isPlain = typeof data === "object" && data !== null && !("length" in data) && !(data instanceof ArrayBuffer);
    return kit.bytesOf(isPlain ? JSON.stringify(data) : data);
  };
  const read = (name: unknown, offset?: unknown, length?: unknown): string | undefined => {
    const file = host.fileRead(String(name));
    return file === undefined ? undefined : kit.textOf(part(file, offset, length));
  };

  kit.modules["Storage"] = {
    read,
    readArrayBuffer: (name: unknown) => host.fileRead(String(name)),
    readJSON: (name: unknown, noExceptions: unknown) => {
      const text = read(name);
      if (text === undefined) return undefined;
      try {
        return JSON.parse(text) as unknown;
      } catch (error) {
        if (noExceptions) return undefined;
        throw error;
      }
    },
    write: (name: unknown, data: unknown, offset?: unknown, size?: unknown) =>
      host.fileWrite(String(name), buffer(contents(data)), Number(offset) || 0, Number(size) || 0),
    writeJSON: (name: unknown, data: unknown) =>
      host.fileWrite(String(name), buffer(kit.bytesOf(JSON.stringify(data))), 0, 0),
    erase: (name: unknown) => host.fileErase(String(name)),
    list: (filter?: RegExp) => {
      const names = host
        .fileList()
        .split("\n")
        .filter((name) => name !== "");
      return filter === undefined ? names : names.filter((name) => filter.test(name));
    },
    getFree: () => host.fileFree(),
  };

  kit.modules["Flash"] = {
    read: (length: unknown, address: unknown) => new Uint8Array(host.flashRead(Number(address), Number(length))),
    write: (data: unknown, address: unknown) => host.flashWrite(Number(address), buffer(kit.bytesOf(data))),
    erasePage: (address: unknown) => host.flashErase(Number(address)),
    getPage: (address: unknown) => {
      const page = host.flashPage(Number(address));
      return page < 0 ? undefined : { addr: page, length: host.flashPageBytes(page) };
    },
  };
};

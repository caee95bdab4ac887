/** Files as Espruino's Storage keeps them; what a device's `require("Storage")` works on. */
export interface DeviceStorage {
  read(name: string): Uint8Array | undefined;
  /** Offset 0 creates or replaces; another fills bytes that are still erased. Throws as Storage does. */
  write(name: string, bytes: Uint8Array, offset: number, size: number): boolean;
  erase(name: string): void;
  list(): string[];
  /** Bytes behind the last file. */
  freeBytes(): number;
}

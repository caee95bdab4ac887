// Espruino's globals, as far as this port uses them. Strings are bytes on this engine.

interface EspruinoSocket {
  write(bytes: string): boolean;
  end(): void;
  on(event: "data", listener: (bytes: string) => void): void;
  on(event: "close" | "drain" | "error", listener: () => void): void;
}

interface EspruinoNet {
  connect(address: { host: string; port: number }, connected: (socket: EspruinoSocket) => void): EspruinoSocket;
}

interface EspruinoStorage {
  read(name: string, offset: number, length: number): string | undefined;
  readArrayBuffer(name: string): ArrayBuffer | undefined;
  write(name: string, data: ArrayBuffer | Uint8Array, offset?: number, size?: number): boolean;
  erase(name: string): void;
}

interface EspruinoFlashModule {
  read(length: number, address: number): Uint8Array;
  write(data: Uint8Array, address: number): void;
  erasePage(address: number): void;
}

interface EspruinoWifi {
  connect(network: string, options: { password: string }, done: (error: string | null) => void): void;
  disconnect(): void;
  on(event: "disconnected", listener: () => void): void;
}

interface EspruinoTensorFlow {
  create(
    arenaBytes: number,
    model: Int8Array,
  ): { getInput(): ArrayBufferView; getOutput(): ArrayBufferView; invoke(): void };
}

declare function require(module: "net"): EspruinoNet;
declare function require(module: "Wifi"): EspruinoWifi;
declare function require(module: "Storage"): EspruinoStorage;
declare function require(module: "Flash"): EspruinoFlashModule;
declare function require(module: "tensorflow"): EspruinoTensorFlow;
declare function require(module: "crypto"): { SHA256?: (data: Uint8Array) => ArrayBuffer };

declare const E: {
  convolve(a: ArrayLike<number>, b: ArrayLike<number>, offset: number): number;
  mapInPlace(from: ArrayLike<number>, to: ArrayLike<number>, table: ArrayLike<number>): void;
  CRC32(data: Uint8Array | string): number;
  sum(values: ArrayLike<number>): number;
  toArrayBuffer(text: string): ArrayBuffer;
  getAddressOf(value: ArrayBuffer | ArrayBufferView, flat: boolean): number;
  toString(bytes: Uint8Array): string | undefined;
  toUint8Array(bytes: string): Uint8Array;
  enableWatchdog(timeoutSec: number, isAuto: boolean): void;
  kickWatchdog(): void;
  getErrorFlags(): string[];
  reboot(): void;
};

declare const Graphics: {
  createArrayBuffer(
    width: number,
    height: number,
    bitsPerPixel: number,
  ): { transformVertices: (values: ArrayLike<number>, transform: Float64Array) => number[] };
};

declare const process: {
  memory(): { free: number; blocksize: number };
  env: { BOARD: string };
  on(event: "uncaughtException", listener: (error: undefined | { stack?: string }) => void): void;
};

declare const ESP32: { deepSleep(microseconds: number): void; getWakeupCause(): number } | undefined;

declare function getTime(): number;
declare function setTimeout(run: (() => void) | string, delayMs: number): number;
declare function clearTimeout(timer: number): void;
declare function print(line: string): void;

// Hooks of the simulator; absent on hardware.
declare const sertaoReading: ((channel: string) => number) | undefined;
declare const sertaoObserve: ((name: string, value: number) => void) | undefined;

declare const global: { [name: string]: unknown };

/** Between supervisor and loader (firmware/boot). */
interface BootGlobals {
  /** The text to run. It comes back as an array with what that threw, or as a number from a timer. */
  sertaoBoot: undefined | string | number | [undefined | { stack?: string }];
  /** What the supervisor hands on. The loader deletes it once the application has started. */
  sertaoSlots: unknown;
}

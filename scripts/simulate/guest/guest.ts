/** What crosses between the simulator and the engine. */
export type GuestValue = undefined | boolean | number | string | ArrayBuffer;

/**
 * What the simulator does for the code inside the engine. Each call is a function of the engine. Errors thrown here
 * are thrown there.
 */
export interface GuestHost {
  /** The device's clock, seconds. */
  time(): number;
  /** Asks for the entry `tick` at a time of that clock; the latest request counts. Infinity: never. */
  wake(atSec: number): void;
  print(line: string): void;
  /** An exception that nothing caught. */
  crashed(message: string): void;
  observe(name: string, value: number): void;
  /** NaN where there is no reading. */
  reading(channel: string): number;
  memoryTotal(): number;
  memoryUsage(): number;
  watchdog(timeoutSec: number, isAuto: boolean): void;
  kick(): void;
  reboot(): void;
  deepSleep(microseconds: number): void;
  wakeupCause(): number;
  fileRead(name: string): ArrayBuffer | undefined;
  fileWrite(name: string, bytes: ArrayBuffer, offset: number, size: number): boolean;
  fileErase(name: string): void;
  /** Names, one per line. */
  fileList(): string;
  fileFree(): number;
  flashRead(address: number, count: number): ArrayBuffer;
  flashWrite(address: number, bytes: ArrayBuffer): void;
  flashErase(address: number): void;
  /** First address of the page, or -1 where there is no flash. */
  flashPage(address: number): number;
  flashPageBytes(address: number): number;
  /** Name of the connection. */
  netOpen(host: string, port: number): number;
  netWrite(connection: number, bytes: ArrayBuffer): void;
  netEnd(connection: number): void;
  hash(name: string, bytes: ArrayBuffer): ArrayBuffer;
  crc32(bytes: ArrayBuffer): number;
  aes(encrypt: boolean, mode: string, key: ArrayBuffer, iv: ArrayBuffer, bytes: ArrayBuffer): ArrayBuffer;
  wifi(): boolean;
  /** The radio is switched on or off. */
  radio(isOn: boolean): void;
  /** "ok", "nack" or "stuck". */
  i2cWrite(bus: string, address: number, bytes: ArrayBuffer): string;
  /** The bytes; "nack" or "stuck" where there are none. */
  i2cRead(bus: string, address: number, count: number): ArrayBuffer | string;
  /** @param select pin of the part */
  spiSend(bus: string, select: string, bytes: ArrayBuffer): ArrayBuffer;
  uartWrite(bus: string, bytes: ArrayBuffer): void;
  oneWireReset(pin: string): boolean;
  oneWireWrite(pin: string, bytes: ArrayBuffer, keepPower: boolean): void;
  oneWireRead(pin: string, count: number): ArrayBuffer;
  /** Fraction of full scale. */
  analogRead(pin: string): number;
  pinWrite(pin: string, isHigh: boolean): void;
  /** An interpreter of a `.tflite` file: its number, then element type and bytes of input and output, with blanks. */
  tfliteCreate(arenaBytes: number, model: ArrayBuffer): string;
  /** The output for an input. */
  tfliteInvoke(interpreter: number, input: ArrayBuffer): ArrayBuffer;
}

/** What a board is to the code on it. */
export interface GuestBoard {
  readonly name: string;
  readonly version: string;
  readonly serial: string;
  readonly flashBytes: number;
  readonly storageBytes: number;
  readonly blockBytes: number;
  readonly modules: readonly string[];
  readonly isEsp32: boolean;
  /** Buses by their names. */
  readonly i2c: readonly string[];
  readonly spi: readonly string[];
  readonly uarts: readonly string[];
  readonly analogPins: readonly string[];
  readonly watchedPins: readonly string[];
}

/** An object of Espruino that events can be heard from. */
export interface Emitter {
  on(event: string, listener: (...values: unknown[]) => void): void;
  emit(event: string, ...values: unknown[]): void;
  removeListener(event: string, listener: (...values: unknown[]) => void): void;
  removeAllListeners(event?: string): void;
}

/** What the parts of the guest share. */
export interface GuestKit {
  /** Adds the methods of an emitter. */
  emitter<Target extends object>(target: Target): Target & Emitter;
  /** True where somebody listens. */
  heard(target: object, event: string): boolean;
  /** Runs code as the engine's loop does: an exception is printed and the loop goes on. */
  guard(run: () => void): void;
  /** Bytes of a byte string, an array or a typed array. */
  bytesOf(data: unknown): Uint8Array;
  /** A byte string. */
  textOf(bytes: Uint8Array): string;
  /** The modules for `require`. */
  modules: Record<string, object>;
  /** Functions that the simulator calls. */
  entries: Record<string, (...values: never[]) => void>;
}

/**
 * Puts a part of Espruino's API into the engine's globals. Its source text is evaluated in the engine: it must name
 * nothing outside its own body but what the language has, and what it is given.
 */
export type GuestPart = (root: Record<string, unknown>, host: GuestHost, kit: GuestKit, board: GuestBoard) => void;

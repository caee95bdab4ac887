import vm from "node:vm";
import { crc32 } from "../../../lib/core/crc32.js";
import { EspruinoStorage } from "../../../scripts/simulate/flash/espruino-storage.js";
import { SimulatedFlash } from "../../../scripts/simulate/flash/simulated-flash.js";
import { storageStats } from "../../../scripts/simulate/flash/storage-compaction.js";
import { StoragePages } from "../../../scripts/simulate/flash/storage-pages.js";
import type { SerialDevice } from "./serial-device.js";

const ACK = "\x06";
const NAK = "\x15";
const FRAME = /^\x10\x01([\s\S])([\s\S])/;
const BANNER = "\r\n 2v29.1 (c) 2026 G.Williams\r\n\r\nhttp://espruino.com/Donate\r\n\r\n";

export interface ConsoleModelOptions {
  readonly board?: string;
  readonly storagePages?: number;
  /** Free JsVars of 14 bytes. */
  readonly freeJsVars?: number;
  /** What require("Wifi").getStatus() says; without it there is no such module. */
  readonly wifi?: object;
  /** What getTime() says. */
  readonly timeSec?: number;
  /** Called at E.reboot, before it starts again. */
  readonly rebooting?: () => void;
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/**
 * Espruino's console as an upload meets it: packets that are evaluated, a Storage in the engine's own format, reset and
 * reboot. The language is Node's; the real engine has tests of its own.
 */
export class ConsoleModel implements SerialDevice {
  readonly storage: EspruinoStorage;
  boots = 0;
  /** What it does with bytes in place of listening, where it is not as it should be. */
  deaf: ((bytes: Uint8Array) => void) | undefined;
  readonly #options: ConsoleModelOptions;
  readonly #flash: SimulatedFlash;
  #send: (bytes: Uint8Array) => void = () => undefined;
  #heard = "";
  #context = vm.createContext({});

  constructor(options: ConsoleModelOptions = {}) {
    const pageCount = options.storagePages ?? 224;
    this.#options = options;
    this.#flash = new SimulatedFlash({ pageBytes: 4096, pageCount, writeUnitBytes: 4, rewritesPerWord: 255 });
    this.storage = new EspruinoStorage(this.#flash);
    this.#boot();
  }

  connect(send: (bytes: Uint8Array) => void): void {
    this.#send = send;
  }

  receive(bytes: Uint8Array): void {
    if (this.deaf !== undefined) return this.deaf(bytes);
    this.#heard += textOf(bytes);
    for (;;) {
      const [, high, low] = FRAME.exec(this.#heard) ?? [];
      if (high === undefined || low === undefined) return;
      const length = ((high.charCodeAt(0) << 8) | low.charCodeAt(0)) & 0x1fff;
      if (this.#heard.length < 4 + length) return;
      const text = this.#heard.slice(4, 4 + length);
      this.#heard = this.#heard.slice(4 + length);
      if (high.charCodeAt(0) >> 5 === 1) this.#evaluate(text);
      else this.say(NAK);
    }
  }

  say(text: string): void {
    this.#send(bytesOf(text));
  }

  #evaluate(text: string): void {
    let value: unknown;
    try {
      value = vm.runInContext(text, this.#context);
    } catch (error) {
      return this.say(`${NAK}Uncaught ${String(error)}\r\n    at :1:1\r\n>`);
    }
    if (value === REBOOTED) return;
    const answer = toJs(value);
    this.say(`${ACK}\x10\x01${String.fromCharCode(answer.length >> 8, answer.length & 255)}${answer}`);
  }

  #boot(): void {
    this.boots++;
    this.#clear();
    const code = this.storage.read(".bootcde");
    if (code === undefined) return this.say(BANNER);
    try {
      vm.runInContext(textOf(code), this.#context);
    } catch (error) {
      this.say(`Uncaught ${String(error)}\r\n    at .bootcde:1:1\r\n`);
    }
    this.say(">");
  }

  #clear(): void {
    const { board = "LINUX", freeJsVars = 16000 } = this.#options;
    this.#context = vm.createContext({
      process: {
        env: { VERSION: "2v29.1", BOARD: board },
        memory: () => ({ free: freeJsVars, total: 16383, blocksize: 14 }),
      },
      E: {
        CRC32: (text: string) => crc32(bytesOf(text)),
        sum: (text: string) => bytesOf(text).reduce((sum, byte) => sum + byte, 0),
        toUint8Array: (text: string) => text,
        kickWatchdog: () => undefined,
        reboot: () => {
          this.#options.rebooting?.();
          setImmediate(() => this.#boot());
          return REBOOTED;
        },
      },
      reset: () => void setImmediate(() => this.#clear()),
      atob: (text: string) => textOf(Buffer.from(text, "base64")),
      print: (line: string) => this.say(`${line}\r\n`),
      getTime: () => this.#options.timeSec ?? 12.5,
      require: (name: string) => (name === "Wifi" ? this.#wifiModule() : this.#storageModule()),
    });
  }

  #wifiModule(): object {
    const { wifi } = this.#options;
    if (wifi === undefined) throw new Error("Module Wifi not found");
    return { getStatus: () => wifi };
  }

  #storageModule(): object {
    const stats = storageStats(new StoragePages(this.#flash));
    return {
      read: (name: string, offset = 0, length?: number) => {
        const bytes = this.storage.read(name);
        return bytes === undefined ? undefined : textOf(bytes).substr(offset, length);
      },
      write: (name: string, text: string, offset?: number, size?: number) =>
        this.storage.write(name, bytesOf(text), offset, size),
      erase: (name: string) => this.storage.erase(name),
      getStats: () => ({ ...stats, totalBytes: this.#flash.pageBytes * this.#flash.pageCount }),
    };
  }
}

const REBOOTED = Symbol("rebooted");

/** As E.toJS writes values. */
function toJs(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toJs).join(",")}]`;
  return value === undefined ? "undefined" : JSON.stringify(value);
}

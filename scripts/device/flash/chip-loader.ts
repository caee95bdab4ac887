import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { ESPLoader } from "esptool-js";
import { flashChipUnknown, flashNoAnswer, flashNotFound, flashSecure } from "../../errors/flash.js";
import { portLost } from "../../errors/port.js";
import { SertaoError } from "../../errors/sertao-error.js";
import type { OpenLine } from "../serial/serial-line.js";
import { QuietTransport, WebSerialPort } from "./web-serial.js";

/** How to reach the loader. */
export interface LoaderOptions {
  readonly path: string;
  readonly openLine: OpenLine;
  /** Bits per second once the loader answers. */
  readonly baudRate: number;
  /** False works with the ROM's own loader, slower: without Espressif's loader in the chip's memory. */
  readonly stub: boolean;
  /** What esptool-js says; nobody needs it unless something fails. */
  readonly log?: ((line: string) => void) | undefined;
}

/** Every ROM listens at this rate. */
const ROM_BAUD_RATE = 115_200;
/** Data bytes of one packet: what the ROM has room for (esptool, FLASH_WRITE_SIZE without stub). */
const ROM_BLOCK_BYTES = 0x400;
const CONNECT_ATTEMPTS = 3;
const PROBE_MS = 500;
const BLOCK_TIMEOUT_MS = 5_000;
const READ_TIMEOUT_MS = 3_000;
const RESET_MS = 100;
/** READ_REG answers with it on every chip, in the ROM and in the stub. */
const MAGIC_REGISTER = 0x40001000;
const SPI_SET_PARAMS = 0x0b;
const SPI_ATTACH = 0x0d;
/** Blocks, sectors and pages of SPI flash (esptool, flash_set_parameters). */
const SPI_GEOMETRY = [0x10000, 0x1000, 0x100, 0xffff];

/**
 * The loader in the ROM of an ESP32-family chip, spoken to by esptool-js. Failures of the link are esptool-js's errors:
 * whoever calls repeats what failed. What a user must act on is a SertaoError.
 */
export class ChipLoader {
  readonly #port: WebSerialPort;
  readonly #options: LoaderOptions;
  #loader: ESPLoader;
  #attachedBytes = 0;

  private constructor(options: LoaderOptions) {
    this.#options = options;
    this.#port = new WebSerialPort(options.path, options.openLine);
    this.#loader = this.#newLoader();
  }

  /**
   * Resets the chip into its loader, where the port has the lines for that, and finds out what it is.
   * @throws SertaoError PORT_…, FLASH_NO_ANSWER, FLASH_CHIP_UNKNOWN, FLASH_SECURE
   */
  static async connect(options: LoaderOptions): Promise<ChipLoader> {
    const loader = new ChipLoader(options);
    try {
      await loader.#start();
      return loader;
    } catch (error) {
      await loader.close();
      throw error;
    }
  }

  /** "ESP32", "ESP32-C3" and so on. */
  get chipName(): string {
    return this.#loader.chip.CHIP_NAME;
  }

  get isStub(): boolean {
    return this.#loader.IS_STUB;
  }

  /** False where the port cannot reset the chip: the user does it by hand. */
  get hasLines(): boolean {
    return this.#port.hasLines;
  }

  /** Size of the flash in bytes, by its id. @throws SertaoError FLASH_NOT_FOUND */
  async flashBytes(): Promise<number> {
    const id = await this.#whileOpen(this.#loader.readFlashId());
    const size = this.#loader.DETECTED_FLASH_SIZES[(id >> 16) & 0xff];
    const megabytes = /^(\d+)MB$/.exec(size ?? "")?.[1];
    const kilobytes = /^(\d+)KB$/.exec(size ?? "")?.[1];
    if (megabytes !== undefined) return Number(megabytes) * 1024 * 1024;
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
    throw flashNotFound(`0x${(id & 0xffffff).toString(16).padStart(6, "0")}`);
  }

  /** MD5 of a part of the flash, hexadecimal, calculated by the chip. */
  async md5(address: number, bytes: number): Promise<string> {
    await this.#attach();
    const text = await this.#whileOpen(this.#loader.flashMd5sum(address, bytes));
    // The ROM answers in hexadecimal already, and esptool-js writes those characters as hexadecimal again.
    return this.isStub ? text : Buffer.from(text, "hex").toString("latin1");
  }

  /**
   * Writes to the flash; erases what it needs, in whole sectors.
   * @param bytes a multiple of 4
   * @param sent called with the share of the bytes that have been sent, 0 to 1
   */
  async write(address: number, bytes: Uint8Array, sent: (share: number) => void): Promise<void> {
    await this.#attach();
    const packed = deflateSync(bytes, { level: 9 });
    await this.#whileOpen(this.#loader.flashDeflBegin(bytes.length, packed.length, address));
    const blockBytes = this.#loader.FLASH_WRITE_SIZE;
    for (let at = 0, sequence = 0; at < packed.length; at += blockBytes, sequence++) {
      const block = packed.subarray(at, at + blockBytes);
      await this.#whileOpen(this.#loader.flashDeflBlock(block, sequence, BLOCK_TIMEOUT_MS));
      sent(Math.min(1, (at + block.length) / packed.length));
    }
    // The stub acknowledges a block before it writes it: what it answers next, it answers after the last one.
    await this.#whileOpen(this.#loader.readReg(MAGIC_REGISTER));
  }

  /** Reads flash through the stub, verified by its MD5. */
  async read(address: number, bytes: number): Promise<Uint8Array> {
    const data = await this.#whileOpen(this.#loader.readFlash(address, bytes));
    const digest = await this.#whileOpen(this.#loader.transport.read(READ_TIMEOUT_MS));
    if (!createHash("md5").update(data).digest().equals(digest)) throw new Error("what was read has another MD5");
    return data;
  }

  /**
   * Brings the loader back after a failure: it may wait in the middle of a packet, or have been reset.
   * @throws SertaoError PORT_LOST, FLASH_NO_ANSWER
   */
  async recover(): Promise<void> {
    if (!this.#port.line.isOpen) throw portLost(this.#options.path);
    await this.#loader.transport.drainInput();
    for (let attempt = 0; attempt < CONNECT_ATTEMPTS; attempt++) {
      if (await this.#answers()) return;
    }
    await this.#port.close();
    this.#loader = this.#newLoader();
    await this.#start();
  }

  /** Starts the firmware. False where the port has no reset line. */
  async restart(): Promise<boolean> {
    // IO0 stays high, so that the chip boots from its flash; esptool-js would let go EN without having pulled it.
    await this.#port.setSignals({ dataTerminalReady: false, requestToSend: true });
    await new Promise((resolve) => setTimeout(resolve, RESET_MS));
    await this.#port.setSignals({ requestToSend: false });
    return this.hasLines;
  }

  async close(): Promise<void> {
    await this.#port.close();
  }

  #newLoader(): ESPLoader {
    const say = this.#options.log ?? ((): void => undefined);
    const loader = new ESPLoader({
      transport: new QuietTransport(this.#port),
      baudrate: this.#options.baudRate,
      romBaudrate: ROM_BAUD_RATE,
      terminal: { clean: () => undefined, write: say, writeLine: say },
    });
    loader.FLASH_READ_TIMEOUT = READ_TIMEOUT_MS;
    // Repeating a block that was taken already derails the stream of compressed data: whole pieces are repeated.
    loader.WRITE_BLOCK_ATTEMPTS = 1;
    return loader;
  }

  async #start(): Promise<void> {
    const loader = this.#loader;
    this.#attachedBytes = 0;
    try {
      await this.#whileOpen(loader.connect("default_reset", CONNECT_ATTEMPTS));
    } catch (error) {
      throw this.#connectError(error);
    }
    if (loader.secureDownloadMode) throw flashSecure();
    if (this.#options.stub) await this.#whileOpen(loader.runStub());
    else loader.FLASH_WRITE_SIZE = ROM_BLOCK_BYTES;
    if (this.#options.baudRate !== ROM_BAUD_RATE) await this.#whileOpen(loader.changeBaud());
  }

  #connectError(error: unknown): unknown {
    if (error instanceof SertaoError) return error;
    const cause = error instanceof Error ? error.message : String(error);
    if (/autodetect|Unexpected/i.test(cause)) return flashChipUnknown(cause.split("\n")[0]!.replace(/\.$/, ""));
    return flashNoAnswer(this.#options.path, this.hasLines ? "" : ", and the port has no lines to reset it");
  }

  /** The chip must be told about its flash before the ROM touches it, and esptool-js does not. */
  async #attach(): Promise<void> {
    if (this.#attachedBytes !== 0) return;
    const bytes = await this.flashBytes();
    const words = (...values: number[]): Uint8Array => new Uint8Array(new Uint32Array(values).buffer);
    const attach = this.isStub ? words(0) : words(0, 0);
    await this.#whileOpen(this.#loader.checkCommand("attach the flash", SPI_ATTACH, attach));
    const parameters = words(0, bytes, ...SPI_GEOMETRY);
    await this.#whileOpen(this.#loader.checkCommand("set the flash's parameters", SPI_SET_PARAMS, parameters));
    this.#attachedBytes = bytes;
  }

  async #answers(): Promise<boolean> {
    try {
      await this.#whileOpen(this.#loader.readReg(MAGIC_REGISTER, PROBE_MS));
      return true;
    } catch (error) {
      if (error instanceof SertaoError) throw error;
      return false;
    }
  }

  /** Waits for esptool-js no longer than the port is there. */
  async #whileOpen<T>(work: Promise<T>): Promise<T> {
    const lost = this.#port.lost.then((): never => {
      throw portLost(this.#options.path);
    });
    return Promise.race([work, lost]);
  }
}

import type { ControlLines } from "../../../scripts/device/serial/serial-line.js";
import type { SerialDevice } from "../serial/serial-device.js";
import { chipKinds, type ChipKind } from "./chip-kinds.js";
import { FlashDownload } from "./flash-download.js";
import { MemoryDownload } from "./memory-download.js";
import { NorFlash } from "./nor-flash.js";
import { Registers } from "./registers.js";
import { slipPacket, SlipReader } from "./slip.js";

const enum Op {
  FLASH_BEGIN = 0x02,
  FLASH_DATA = 0x03,
  MEM_BEGIN = 0x05,
  MEM_END = 0x06,
  MEM_DATA = 0x07,
  SYNC = 0x08,
  WRITE_REG = 0x09,
  READ_REG = 0x0a,
  SPI_SET_PARAMS = 0x0b,
  SPI_ATTACH = 0x0d,
  CHANGE_BAUD = 0x0f,
  DEFL_BEGIN = 0x10,
  DEFL_DATA = 0x11,
  MD5 = 0x13,
  SECURITY_INFO = 0x14,
  READ_FLASH = 0xd2,
}

/** Error numbers of the ROM, and of the stub (Serial Protocol, Status bytes). */
const ERRORS = {
  invalid: { rom: 0x05, stub: 0xc0 },
  failed: { rom: 0x06, stub: 0xc6 },
  checksum: { rom: 0x07, stub: 0xc1 },
  deflate: { rom: 0x0b, stub: 0xc7 },
  unknown: { rom: 0x05, stub: 0xff },
} as const;

const SYNC_REPEATS = 8;
const SYNC_VALUE = 0x20120707;
const CHECKSUM_SEED = 0xef;
const MEGABYTES: Readonly<Record<number, number>> = { 0x15: 2, 0x16: 4, 0x18: 16 };

export interface RomChipOptions {
  readonly chip?: ChipKind["name"];
  /** Size byte of the flash's id: 0x15 2 MB, 0x16 4 MB, 0x18 16 MB. */
  readonly flashSizeId?: number;
  /** True where BOOT is held when the power comes, so no lines are needed. */
  readonly downloadMode?: boolean;
  /** The fastest rate that the cable carries. */
  readonly maxBaudRate?: number;
}

/** What a command answers with. */
interface Answer {
  readonly value?: number;
  readonly data?: Uint8Array;
  readonly error?: keyof typeof ERRORS;
}

/**
 * An ESP32-family chip as its serial port shows it: boot mode by DTR and RTS, the loader in the ROM, and the stub once
 * its program has been loaded whole (its code is not run: the model takes over). After Espressif's "Serial Protocol".
 */
export class RomChip implements SerialDevice {
  readonly kind: ChipKind;
  readonly flash: NorFlash;
  /** How often the firmware in flash was started. */
  boots = 0;
  isStub = false;
  /** Commands that were understood, in order. */
  readonly commands: number[] = [];
  readonly #options: RomChipOptions;
  readonly #flashId: number;
  #send!: (bytes: Uint8Array) => void;
  #lines: ControlLines = { dtr: false, rts: false };
  #reader = new SlipReader();
  #registers: Registers;
  #memory = new MemoryDownload();
  #download: FlashDownload | undefined;
  #isInRom: boolean;
  #isAttached = false;
  #hostBaud: number | undefined;
  #chipBaud: number | undefined;
  #reading: { data: Uint8Array; sent: number; packetBytes: number; digest: Uint8Array } | undefined;

  constructor(options: RomChipOptions = {}) {
    const sizeId = options.flashSizeId ?? 0x16;
    this.#options = options;
    this.kind = chipKinds[options.chip ?? "ESP32"];
    this.flash = new NorFlash((MEGABYTES[sizeId] ?? 4) * 1024 * 1024);
    this.#flashId = (sizeId << 16) | 0x4020;
    this.#registers = new Registers(this.kind, this.#flashId);
    this.#isInRom = options.downloadMode === true;
  }

  connect(send: (bytes: Uint8Array) => void): void {
    this.#send = send;
  }

  setBaudRate(baudRate: number): void {
    this.#hostBaud = baudRate;
  }

  /** The usual two transistors: RTS alone holds the chip in reset, DTR alone pulls IO0 low. */
  setLines(lines: ControlLines): void {
    const wasReset = this.#lines.rts && !this.#lines.dtr;
    const isReset = lines.rts && !lines.dtr;
    this.#lines = lines;
    if (wasReset && !isReset) this.reset(lines.dtr);
  }

  /** Power comes, or EN goes high. @param io0Low true asks for the loader */
  reset(io0Low: boolean): void {
    this.isStub = this.#isAttached = false;
    this.#isInRom = io0Low;
    this.#chipBaud = this.#reading = this.#download = undefined;
    this.#memory = new MemoryDownload();
    this.#registers = new Registers(this.kind, this.#flashId);
    this.#reader = new SlipReader();
    if (!io0Low) this.boots++;
    const mode = io0Low
      ? "0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))\r\nwaiting for download"
      : "0x13 (SPI_FAST_FLASH_BOOT)";
    this.#say(Buffer.from(`ets Jun  8 2016 00:22:57\r\n\r\nrst:0x1 (POWERON_RESET),boot:${mode}\r\n`));
  }

  receive(bytes: Uint8Array): void {
    if (!this.#isInRom || !this.#hears()) return;
    for (const packet of this.#reader.take(bytes)) {
      if (this.#reading !== undefined) this.#goOnReading(packet);
      else void this.#handle(packet);
    }
  }

  /** Without a rate the ROM measures that of the first packet. */
  #hears(): boolean {
    if (this.#hostBaud === undefined) return true;
    if (this.#hostBaud > (this.#options.maxBaudRate ?? Infinity)) return false;
    this.#chipBaud ??= this.#hostBaud;
    return this.#chipBaud === this.#hostBaud;
  }

  #say(bytes: Uint8Array): void {
    if (this.#chipBaud === undefined || this.#hostBaud === undefined || this.#chipBaud === this.#hostBaud)
      this.#send(bytes);
  }

  async #handle(packet: Uint8Array): Promise<void> {
    if (packet.length < 8 || packet[0] !== 0) return;
    const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
    const op = packet[1]!;
    const data = packet.subarray(8);
    if (view.getUint16(2, true) !== data.length) return this.#answer(op, { error: "invalid" });
    this.commands.push(op);
    const words = (at: number): number => (at * 4 + 4 <= data.length ? view.getUint32(8 + at * 4, true) : 0);
    switch (op) {
      case Op.SYNC:
        for (let i = 0; i < SYNC_REPEATS; i++) this.#answer(op, { value: this.isStub ? 0 : SYNC_VALUE });
        return;
      case Op.READ_REG:
        return this.#answer(op, { value: this.#registers.read(words(0)) });
      case Op.WRITE_REG:
        this.#registers.write(words(0), words(1), words(2));
        return this.#answer(op, {});
      case Op.SECURITY_INFO:
        return this.#securityInfo(op);
      case Op.MEM_BEGIN:
        this.#memory.begin(words(3));
        return this.#answer(op, {});
      case Op.MEM_DATA:
        return this.#answer(
          op,
          this.#block(view, data, (block) => this.#memory.take(block)),
        );
      case Op.MEM_END:
        return this.#enter(op, words(1));
      case Op.SPI_ATTACH:
        if (data.length !== (this.isStub ? 4 : 8)) return this.#answer(op, { error: "invalid" });
        this.#isAttached = true;
        return this.#answer(op, {});
      case Op.SPI_SET_PARAMS:
        return this.#answer(op, data.length === 24 && this.#canFlash() ? {} : { error: "invalid" });
      case Op.CHANGE_BAUD:
        this.#answer(op, {});
        this.#chipBaud = words(0);
        return;
      case Op.FLASH_BEGIN:
      case Op.DEFL_BEGIN:
        return this.#answer(op, this.#beginFlash(op === Op.DEFL_BEGIN, words(0), words(3)));
      case Op.FLASH_DATA:
      case Op.DEFL_DATA:
        return this.#answer(op, this.#flashData(op === Op.DEFL_DATA, view, data));
      case Op.MD5:
        return this.#answer(op, this.#md5(words(0), words(1)));
      case Op.READ_FLASH:
        if (this.isStub) return this.#read(op, words(0), words(1), words(2));
    }
    this.commands.pop();
    this.#refuse(op);
  }

  /** The ROM says that it does not know a command several times over, and not with the command's number. */
  #refuse(op: number): void {
    if (this.isStub) return this.#answer(op, { error: "unknown" });
    for (let i = 0; i < SYNC_REPEATS; i++) this.#answer(Op.SYNC, { error: "unknown" });
  }

  #answer(op: number, { value = 0, data = new Uint8Array(0), error }: Answer): void {
    const status = error === undefined ? [0, 0] : [1, ERRORS[error][this.isStub ? "stub" : "rom"]];
    const body = [...data, ...status, ...(this.isStub ? [] : [0, 0])];
    const packet = new Uint8Array(8 + body.length);
    const view = new DataView(packet.buffer);
    packet[0] = 1;
    packet[1] = op;
    view.setUint16(2, body.length, true);
    view.setUint32(4, value, true);
    packet.set(body, 8);
    this.#say(slipPacket(packet));
  }

  #securityInfo(op: number): void {
    const { chipId } = this.kind;
    if (chipId === undefined) return this.#refuse(op);
    const data = new Uint8Array(20);
    new DataView(data.buffer).setUint32(12, chipId, true);
    this.#answer(op, { data });
  }

  async #enter(op: number, entry: number): Promise<void> {
    const isStub = await this.#memory.isStub(this.kind.name, entry);
    this.#answer(op, isStub ? {} : { error: "failed" });
    if (!isStub) return;
    this.isStub = true;
    this.#say(slipPacket(Buffer.from("OHAI")));
  }

  /** The ROM cannot touch the flash before it was attached. */
  #canFlash(): boolean {
    return this.isStub || this.#isAttached;
  }

  #beginFlash(isDeflated: boolean, bytes: number, address: number): Answer {
    if (!this.#canFlash()) return { error: "failed" };
    if (address + bytes > this.flash.bytes.length) return { error: "invalid" };
    this.#download = new FlashDownload(this.flash, address, bytes, !this.isStub, isDeflated);
    return {};
  }

  #flashData(isDeflated: boolean, view: DataView, data: Uint8Array): Answer {
    const download = this.#download;
    if (download === undefined || download.isDeflated !== isDeflated) return { error: "failed" };
    return this.#block(view, data, (block) => download.take(block), "deflate");
  }

  #block(
    view: DataView,
    data: Uint8Array,
    take: (block: Uint8Array) => boolean,
    error: keyof typeof ERRORS = "failed",
  ): Answer {
    const block = data.subarray(16);
    if (data.length < 16 || block.length !== view.getUint32(8, true)) return { error: "invalid" };
    const checksum = block.reduce((sum, byte) => sum ^ byte, CHECKSUM_SEED);
    if (checksum !== view.getUint32(4, true)) return { error: "checksum" };
    return take(block) ? {} : { error };
  }

  #md5(address: number, bytes: number): Answer {
    if (!this.#canFlash()) return { error: "failed" };
    const digest = this.flash.md5(address, bytes);
    return { data: this.isStub ? digest : Buffer.from(digest.toString("hex"), "latin1") };
  }

  #read(op: number, address: number, bytes: number, packetBytes: number): void {
    this.#answer(op, {});
    const data = this.flash.bytes.slice(address, address + bytes);
    this.#reading = { data, sent: 0, packetBytes, digest: this.flash.md5(address, bytes) };
    this.#sendPart();
  }

  #goOnReading(packet: Uint8Array): void {
    const { data, sent, digest } = this.#reading!;
    const acknowledged = new DataView(packet.buffer, packet.byteOffset).getUint32(0, true);
    if (acknowledged < sent) return;
    if (sent < data.length) return this.#sendPart();
    this.#reading = undefined;
    this.#say(slipPacket(digest));
  }

  #sendPart(): void {
    const reading = this.#reading!;
    const part = reading.data.subarray(reading.sent, reading.sent + reading.packetBytes);
    reading.sent += part.length;
    this.#say(slipPacket(part));
  }
}

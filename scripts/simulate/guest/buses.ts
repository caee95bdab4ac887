import type { GuestPart } from "./guest.js";

/**
 * I2C, SPI, serial lines and 1-Wire of the board, as the ESP32's port has them. Errors are worded as there
 * (targets/esp32/jshardwareI2c.c, checkError).
 */
export const busesPart: GuestPart = (root, host, kit, board) => {
  const buffer = (data: unknown): ArrayBuffer => kit.bytesOf(data).buffer as ArrayBuffer;
  const flat = (data: readonly unknown[]): number[] => {
    const bytes: number[] = [];
    for (const value of data) {
      if (typeof value === "number") bytes.push(value & 255);
      else bytes.push(...kit.bytesOf(value));
    }
    return bytes;
  };
  const addressOf = (value: unknown): number =>
    typeof value === "object" && value !== null ? Number((value as { address: unknown }).address) : Number(value);
  const ERRORS: Record<string, string> = {
    nack: ": slave doesn't ACK the transfer",
    stuck: ":, Operation timeout because the bus is busy",
    // ESP_ERR_INVALID_STATE: the driver is not installed.
    unready: ":, unknown error code 259",
  };
  const refuse = (caller: string, outcome: unknown): void => {
    const text = ERRORS[String(outcome)];
    if (text !== undefined) throw new Error(caller + text);
  };

  for (const name of board.i2c) {
    let isReady = false;
    const bus = {
      setup: () => {
        isReady = true;
      },
      writeTo: (address: unknown, ...data: unknown[]) => {
        const bytes = flat(data);
        if (bytes.length === 0) return;
        refuse("jshI2CWrite", isReady ? host.i2cWrite(name, addressOf(address), buffer(bytes)) : "unready");
      },
      readFrom: (address: unknown, quantity: unknown) => {
        const count = Number(quantity) | 0;
        if (count <= 0) return undefined;
        const answer = isReady ? host.i2cRead(name, addressOf(address), count) : "unready";
        refuse("jshI2CRead", answer);
        return new Uint8Array(answer as ArrayBuffer);
      },
      readReg: (address: unknown, register: unknown, quantity: unknown) => {
        bus.writeTo(address, register);
        return bus.readFrom(address, quantity);
      },
    };
    root[name] = bus;
  }

  for (const name of board.spi) {
    root[name] = {
      setup: () => undefined,
      send: (data: unknown, select?: unknown) => {
        const answer = new Uint8Array(
          host.spiSend(name, String(select), buffer(typeof data === "number" ? [data] : data)),
        );
        if (typeof data === "number") return answer[0];
        return typeof data === "string" ? kit.textOf(answer) : answer;
      },
      write: (...data: unknown[]) => {
        host.spiSend(name, String(data.pop()), buffer(flat(data)));
      },
    };
  }

  const lines: Record<string, { emit: (event: string, ...values: unknown[]) => void }> = {};
  for (const name of board.uarts) {
    const line = kit.emitter({
      setup: () => undefined,
      write: (...data: unknown[]) => host.uartWrite(name, buffer(flat(data))),
      print: (text: unknown) => host.uartWrite(name, buffer(String(text))),
      println: (text: unknown) => host.uartWrite(name, buffer(`${String(text)}\r\n`)),
    });
    lines[name] = line;
    root[name] = line;
  }
  kit.entries["uartData"] = (name: string, bytes: ArrayBuffer) =>
    lines[name]?.emit("data", kit.textOf(new Uint8Array(bytes)));

  root["OneWire"] = function (this: unknown, pin: unknown): object {
    const name = String(pin);
    const select = (bytes: readonly number[]): void => host.oneWireWrite(name, buffer(bytes), false);
    return {
      pin: name,
      reset: () => host.oneWireReset(name),
      skip: () => select([0xcc]),
      select: (rom: string) => {
        host.oneWireReset(name);
        select([0x55, ...(String(rom).match(/../g) ?? []).map((digits) => parseInt(digits, 16))]);
      },
      write: (data: unknown, power?: unknown) =>
        host.oneWireWrite(name, buffer(typeof data === "number" ? [data] : data), Boolean(power)),
      read: (count?: unknown) => {
        const bytes = new Uint8Array(host.oneWireRead(name, count === undefined ? 1 : Number(count)));
        return count === undefined ? bytes[0] : bytes;
      },
    };
  };
};

import { afterEach, describe, expect, it, vi } from "vitest";
import { i2cFailure } from "../../../firmware/platform/espruino/buses/i2c-failure.js";
import { ErrorCode } from "../../../lib/core/error-code.js";
import type { I2c, I2cBus } from "../../../lib/hal/i2c.js";
import type { PulseCounter } from "../../../lib/hal/pulse-counter.js";
import type { Spi, SpiBus } from "../../../lib/hal/spi.js";

/** What `sertao:buses` is on Espruino. By a name that TypeScript does not follow: its globals are not Node's. */
interface Port {
  i2c(bus: I2cBus): I2c;
  spi(bus: SpiBus, selectPin: string): Spi;
  pulseCounter(pin: string): PulseCounter;
}
const PORT = "../../../firmware/platform/espruino/buses/buses.js";
const port = (await import(/* @vite-ignore */ PORT)) as Port;

const I2C_BUS = { name: "I2C1", sda: "D21", scl: "D22", busHz: 100_000 };

afterEach(() => vi.unstubAllGlobals());

describe("what I2C calls throw, by Espruino's port", () => {
  it.each([
    ["Error: jshI2CWrite: slave doesn't ACK the transfer", ErrorCode.BUS_NO_ACK],
    ["Error: jshI2CRead:, Operation timeout because the bus is busy", ErrorCode.BUS_TIMEOUT],
    ["Error: jshI2CWrite:, Parameter error", ErrorCode.BUS_FAILED],
    ["Error: jshI2CWrite:, unknown error code 259", ErrorCode.BUS_FAILED],
    ["InternalError: I2CWrite: No ACK 0", ErrorCode.BUS_NO_ACK],
    ["InternalError: I2C Write Error 33281", ErrorCode.BUS_NO_ACK],
    ["InternalError: I2C Read Error 33282", ErrorCode.BUS_NO_ACK],
    ["InternalError: I2C Write Error 33280", ErrorCode.BUS_FAILED],
    ["InternalError: I2C Write Error 17", ErrorCode.BUS_FAILED],
    ["InternalError: I2C got NACK", ErrorCode.BUS_NO_ACK],
    ["Error: I2C device not responding", ErrorCode.BUS_TIMEOUT],
    ["InternalError: Timeout on I2C Write BUSY", ErrorCode.BUS_TIMEOUT],
    ["Error: I2C Error: Arbitration (start)", ErrorCode.BUS_STUCK],
    ["Error: I2C Error: Timeout (wr)", ErrorCode.BUS_TIMEOUT],
    ["ReferenceError: cannot read property 'writeTo' of undefined", ErrorCode.BUS_FAILED],
  ])("%s", (text, code) => {
    expect(i2cFailure(text)).toBe(code);
  });
});

describe("I2C on Espruino", () => {
  const controller = (failures: string[]) => {
    const setups: object[] = [];
    vi.stubGlobal("global", {
      I2C1: {
        setup: (options: object) => void setups.push(options),
        writeTo: () => {
          const failure = failures.shift();
          if (failure !== undefined && failure !== "") throw new Error(failure);
        },
        readFrom: (_address: number, count: number) => new Uint8Array(count - 1),
      },
    });
    return setups;
  };

  it("sets the bus up by its pins before the first transfer, and again when its controller may be in disorder", () => {
    const setups = controller(["", "slave doesn't ACK", "", "Operation timeout because the bus is busy", ""]);
    const i2c = port.i2c(I2C_BUS);
    expect(setups.length).toBe(0);
    const counts = [1, 2, 3, 4, 5].map(() => {
      i2c.write(0x76, Uint8Array.of(1));
      return setups.length;
    });
    expect(counts).toEqual([1, 1, 1, 1, 2]);
    expect(setups[0]).toEqual({ sda: "D21", scl: "D22", bitrate: 100_000 });
  });

  it("takes no answer that is too short", () => {
    controller([]);
    expect(port.i2c(I2C_BUS).read(0x76, new Uint8Array(4))).toBe(ErrorCode.BUS_FAILED);
  });

  it("fails where the board has no such bus", () => {
    vi.stubGlobal("global", {});
    expect(port.i2c(I2C_BUS).write(0x76, Uint8Array.of(1))).toBe(ErrorCode.BUS_FAILED);
  });
});

describe("SPI on Espruino", () => {
  it("raises the select pin before the bus is set up, and turns what is thrown into a status", () => {
    const events: string[] = [];
    vi.stubGlobal("digitalWrite", (pin: string, isHigh: boolean) => void events.push(`${pin} ${isHigh}`));
    vi.stubGlobal("global", {
      SPI1: {
        setup: ({ mode }: { mode: number }) => void events.push(`setup mode ${mode}`),
        send: () => {
          throw new Error("SPI Send Error -3");
        },
      },
    });
    const spi = port.spi({ name: "SPI1", mosi: "D23", miso: "D19", sck: "D18", busHz: 1e6 }, "D5");
    expect(spi.transfer(Uint8Array.of(1, 2), new Uint8Array(2))).toBe(ErrorCode.BUS_FAILED);
    expect(events).toEqual(["D5 true", "setup mode 0"]);
  });
});

describe("pulse counters on Espruino", () => {
  const engine = () => {
    const closed: (() => void)[] = [];
    const flags: string[] = [];
    vi.stubGlobal("pinMode", () => undefined);
    vi.stubGlobal("setWatch", (run: () => void) => closed.push(run));
    vi.stubGlobal("clearWatch", () => undefined);
    vi.stubGlobal("E", { getErrorFlags: () => flags.splice(0) });
    return { closed, flags };
  };

  it("know nothing after the engine lost events, each of them once, and count on", () => {
    const { closed, flags } = engine();
    const counters = [port.pulseCounter("D26"), port.pulseCounter("D27")];
    for (const counter of counters) counter.open(5);
    for (const close of closed) close();
    flags.push("FIFO_FULL", "UART_OVERFLOW");
    expect(counters.map((counter) => counter.take())).toEqual([NaN, NaN]);
    for (const close of closed) close();
    expect(counters.map((counter) => counter.take())).toEqual([1, 1]);
    flags.push("LOW_MEMORY");
    expect(counters.map((counter) => counter.take())).toEqual([0, 0]);
  });

  it("forget what was lost before they were opened", () => {
    const { flags } = engine();
    flags.push("FIFO_FULL");
    const counter = port.pulseCounter("D26");
    counter.open(5);
    expect(counter.take()).toBe(0);
  });
});

import { describe, expect, it } from "vitest";
import { EspruinoConsole } from "../../../scripts/device/console/espruino-console.js";
import { ConsoleModel } from "../../support/serial/console-model.js";
import { MemoryPort } from "../../support/serial/memory-port.js";

const NAK = "\x15";
const EXPRESSION = `"some text that takes a while".length+1`;

async function consoleOf(model: ConsoleModel): Promise<EspruinoConsole> {
  const port = new MemoryPort(model);
  return new EspruinoConsole(await port.openLine(port.path, { baudRate: 115200 }));
}

describe("a question to a console", () => {
  it("of which the device took the end for input of people is asked again", async () => {
    const model = new ConsoleModel();
    const device = await consoleOf(model);
    model.deaf = () => {
      model.deaf = undefined;
      model.say(`${NAK}that takes a while".length+1\r\nUncaught SyntaxError: Got ID:that\r\n    at :1:1\r\n>`);
    };
    await expect(device.evaluate(EXPRESSION)).resolves.toBe("29");
  });

  it("that came damaged is asked again, and not for ever", async () => {
    const model = new ConsoleModel();
    const device = await consoleOf(model);
    const refuse = (): void =>
      model.say(`${NAK}Uncaught SyntaxError: Got UNFINISHED STRING expected EOF\r\n    at :1:1\r\n>`);
    model.deaf = () => {
      model.deaf = undefined;
      refuse();
    };
    await expect(device.evaluate(EXPRESSION)).resolves.toBe("29");
    model.deaf = refuse;
    await expect(device.evaluate(EXPRESSION)).rejects.toThrow(/CONSOLE_FAILED: .*UNFINISHED STRING/);
  });

  it("that fails says why", async () => {
    const device = await consoleOf(new ConsoleModel());
    await expect(device.evaluate("nothing.here")).rejects.toThrow(/CONSOLE_FAILED: .*ReferenceError: nothing/);
  });
});

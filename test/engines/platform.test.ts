import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { linuxField } from "../../boards/linux-field.js";
import { buildApp } from "../../scripts/bundle/build-app.js";
import { findCommand } from "../../scripts/engine/find-command.js";
import { inFolder } from "../../scripts/engine/run-command.js";
import { busLines } from "../contract/buses.js";
import { platformContract, type PlatformLines } from "../contract/platform.js";
import { FakeBroker } from "../scripts/simulate/fake-broker.js";
import { printed } from "../scripts/simulate/run-script.js";

const command = findCommand("espruino-field");
/** The simulated network reaches one broker, on this port alone. */
const BROKER_PORT = 1883;

/** What the engine prints until the fixture is at its end; a refused connection is an error line of its own there. */
function untilEnd(engine: string, folder: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(engine, ["run.js"], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    let text = "";
    child.stdout.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      if (/@end: .*\n/.test(text)) child.kill("SIGKILL");
    });
    child.once("error", reject);
    child.once("close", () => resolve(text.split(/\r?\n/)));
  });
}

const code = async (): Promise<string> => (await buildApp("test/fixtures/platform", linuxField)).code;

describe("the simulated platform", () => {
  let lines: PlatformLines;
  beforeAll(async () => {
    const broker = new FakeBroker((bytes, stream) => stream.write(bytes));
    const attach = broker.attach.bind(broker);
    // The second connection finds nobody.
    broker.attach = (stream) => (broker.streams.length === 0 ? attach(stream) : void stream.destroy());
    const readings = () => ({ read: (channel: string) => (channel === "port" ? BROKER_PORT : undefined) });
    lines = busLines(await printed(await code(), 60, { board: linuxField, broker, readings }));
  });
  platformContract(() => lines);
});

describe.skipIf(command === undefined)("Espruino, laid out as in the field (needs espruino-field)", () => {
  let lines: PlatformLines;
  let server: Server;
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const reading = `global.sertaoReading=function(channel){return channel==="port"?${port}:NaN};\n`;
    const script = reading + (await code());
    lines = busLines(
      await inFolder(async (folder) => {
        await writeFile(join(folder, "run.js"), script, "latin1");
        return untilEnd(command!, folder);
      }),
    );
  });
  afterAll(() => server.close());
  platformContract(() => lines);
});

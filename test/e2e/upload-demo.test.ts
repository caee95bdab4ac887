import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { linuxField } from "../../boards/linux-field.js";
import { storageImage } from "../../scripts/device/upload/storage-image.js";
import { findCommand } from "../../scripts/engine/find-command.js";
import type { Broker } from "../../scripts/simulate/brokers/broker.js";
import { mosquittoCommand, startMosquitto } from "../../scripts/simulate/brokers/mosquitto.js";
import { LiveEspruino } from "../support/serial/live-espruino.js";
import { Pty, socatCommand } from "../support/serial/pty.js";
import { FleetProcess } from "./fleet-process.js";
import { built, sertao } from "./sertao-command.js";

const TIMEOUT_MS = 240_000;
const command = findCommand("espruino-field");

/** The orchard in ten minutes a second: what the board evaluates before the application. */
const FAST_ORCHARD = `(function(){
var time=getTime,timeout=setTimeout,interval=setInterval,change=changeInterval,began=time();
global.getTime=function(){return (time()-began)*600};
global.setTimeout=function(run,ms){return timeout(run,ms/600)};
global.setInterval=function(run,ms){return interval(run,ms/600)};
global.changeInterval=function(id,ms){change(id,ms/600)};
global.sertaoReading=function(channel){var hour=getTime()/3600;
return {airTemperature:4-hour%5,relativeHumidity:70,windSpeed:0.5,radiation:0}[channel]};
})()`;

/** A board's flash with one file in its Storage. */
function flashWith(name: string, text: string): Uint8Array {
  const bytes = new Uint8Array(linuxField.flashBytes).fill(0xff);
  bytes.set(
    storageImage(linuxField, [{ name, bytes: Buffer.from(text) }]),
    linuxField.storage.address - linuxField.flashAddress,
  );
  return bytes;
}

describe.skipIf(!built || [socatCommand, command, mosquittoCommand].includes(undefined))(
  "the demo application (needs dist, socat, espruino-field and mosquitto)",
  () => {
    let folder = "";
    let broker: Broker;
    let fleet: FleetProcess;
    let engine: LiveEspruino;
    let pty: Pty;
    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), "sertao-demo-"));
      broker = await startMosquitto();
      fleet = new FleetProcess(folder, ["--broker", `mqtt://127.0.0.1:${broker.port}`], /broker connected/);
      await fleet.start();
      const board = mkdtempSync(join(tmpdir(), "sertao-board-"));
      writeFileSync(join(board, "espruino.flash"), flashWith(".boot1", FAST_ORCHARD));
      engine = new LiveEspruino({ folder: board, command: command! });
      pty = await Pty.with(engine);
    });
    afterEach(async () => {
      await pty.close();
      engine.stop();
      await fleet.kill();
      await broker.dispose();
      rmSync(folder, { recursive: true, force: true });
    });

    test(
      "is uploaded, boots from flash, and delivers over Mosquitto; a second upload sends nothing",
      async () => {
        await sertao(folder, ["provision", "d1", "--broker", `127.0.0.1:${broker.port}`, "--ack", "collector"]);
        const upload = ["upload", "orchard-frost", "--board", "linux-field", "--port", pty.path];
        const first = await sertao(folder, upload);
        expect(first, first.stderr).toMatchObject({ status: 0, stderr: "" });
        expect(first.stdout).toMatch(/verified, and running/);
        let results = await fleet.results();
        while (results.length === 0) {
          await delay(100);
          results = await fleet.results();
        }
        expect(results[0]).toMatchObject({ device: "d1", sequence: 1 });
        expect((await sertao(folder, upload)).stdout).toMatch(/nothing to send/);
      },
      TIMEOUT_MS,
    );
  },
);

import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { esp32 } from "../../boards/esp32.js";
import { makeCertificate, opensslCommand } from "../support/brokers/certificate.js";
import { writeFirmware } from "../support/rom/firmware.js";
import { root } from "./markdown.js";

const TIME_STEP_MS = 60_000;
const START = Date.parse("2026-07-15T00:00:00Z");

/** A CSV recording, a row a minute. @param columns value of each column by the number of its row */
function recording(rows: number, columns: Record<string, (row: number) => number>): string {
  const names = Object.keys(columns);
  const lines = Array.from({ length: rows }, (_, row) => {
    const time = new Date(START + row * TIME_STEP_MS).toISOString();
    return [time, ...names.map((name) => String(Math.round(columns[name]!(row) * 1000) / 1000))].join(",");
  });
  return `${["date", ...names].join(",")}\n${lines.join("\n")}\n`;
}

/** Somebody is in the room half of the time: light and CO2 follow, temperature hardly. */
const occupied = (row: number): number => Math.floor(row / 40) % 2;
const room = (label: string): Record<string, (row: number) => number> => ({
  Temperature: (row) => 21 + Math.sin(row / 50),
  Humidity: (row) => 30 + Math.cos(row / 70),
  Light: (row) => 20 + 400 * occupied(row) + (row % 7),
  CO2: (row) => 450 + 300 * occupied(row) + (row % 11),
  HumidityRatio: () => 0.004,
  [label]: occupied,
});
const orchard = {
  Temp: (row: number) => 2 - row / 60,
  relativeHumidity: () => 80,
  windSpeed: () => 1,
  radiation: () => 0,
};

/**
 * A folder with the files that the documents name, and a `npx` that starts this repository's command line: the real one
 * would look for the package in the temporary folder.
 */
export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), "sertao-docs-"));
  readonly programs = join(this.folder, ".programs");

  constructor() {
    mkdirSync(this.programs);
    const npx = join(this.programs, "npx");
    writeFileSync(
      npx,
      '#!/bin/sh\n[ "$1 $2" = "--no-install sertao" ] || exit 64\nshift 2\n' +
        `exec "${process.execPath}" "${join(root, "bin/sertao.mjs")}" "$@"\n`,
    );
    chmodSync(npx, 0o755);
    this.#write("orchard.csv", recording(120, orchard));
    for (const name of ["monday.csv", "tuesday.csv", "wednesday.csv"])
      this.#write(name, recording(300, room("Occupied")));
    for (const name of ["datatraining.txt", "datatest.txt"]) this.#write(name, recording(400, room("Occupancy")));
    const model = join(root, "firmware/apps/orchard-frost/model");
    copyFileSync(join(model, "model.tflite"), join(this.folder, "model.tflite"));
    copyFileSync(join(model, "labels.txt"), join(this.folder, "labels.txt"));
    this.#write("secrets.json", JSON.stringify({ wifi: "Fazenda", wifiPassword: "not-a-secret" }));
    writeFirmware(join(this.folder, "espruino-esp32"), esp32);
    writeFileSync(join(this.folder, "input.bin"), Buffer.alloc(16, 3));
    if (opensslCommand !== undefined) {
      const { keyFile, certFile } = makeCertificate(this.folder);
      renameSync(keyFile, join(this.folder, "key.pem"));
      renameSync(certFile, join(this.folder, "chain.pem"));
    }
  }

  /** Puts a store where the commands that read look for one. */
  takeStore(file: string): void {
    mkdirSync(join(this.folder, ".sertao"));
    for (const name of ["fleet.sqlite", "simulation.sqlite"]) cpSync(file, join(this.folder, ".sertao", name));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { buildApp, type BuiltApp } from "../../../scripts/bundle/build-app.js";
import { SertaoError } from "../../../scripts/errors/sertao-error.js";
import { findBoard, type Board } from "../../../boards/index.js";

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export const esp32: Board = findBoard("esp32")!;

/** An application in a folder of its own outside the repository; `main` is its main.ts. */
export function appFolder(main: string, files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "sertao-app-"));
  folders.push(folder);
  const manifest = JSON.stringify({ name: "tried", version: "0.0.1", entry: "main.ts" });
  for (const [name, text] of Object.entries({ "sertao.json": manifest, "main.ts": main, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Builds such an application. */
export function build(main: string, files: Record<string, string> = {}, board: Board = esp32): Promise<BuiltApp> {
  return buildApp(appFolder(main, files), board);
}

/** The error that a build ends with. */
export async function refusal(building: Promise<unknown>): Promise<SertaoError> {
  try {
    await building;
  } catch (error) {
    if (error instanceof SertaoError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

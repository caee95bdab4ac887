import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { beforeAll, describe, expect, it } from "vitest";
import type { Board } from "../../boards/index.js";
import { linuxField } from "../../boards/linux-field.js";
import { linux } from "../../boards/linux.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import { FlashPages } from "../../lib/flash/flash-pages.js";
import { FlashSettings } from "../../lib/settings/flash-settings.js";
import { Field, type Manifest, UpdateKind } from "../../lib/update/manifest.js";
import { Slots } from "../../lib/update/slots.js";
import { type BuiltApp, buildApp } from "../../scripts/bundle/build-app.js";
import { type StorageFile, storageFiles } from "../../scripts/bundle/device-files.js";
import { findCommand } from "../../scripts/engine/find-command.js";
import { inFolder } from "../../scripts/engine/run-command.js";
import { SimulatedFiles } from "../../scripts/simulate/flash/simulated-files.js";
import { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { fillStorage } from "../../scripts/simulate/flash/slot-layout.js";
import { encodeProvisioning } from "../../scripts/provision/provisioning.js";
import { deviceManifest } from "../update/device-manifest.js";

/** The 64-bit build gives all of its flash to Storage: its end, which no file reaches here, stands in for free pages. */
const linuxSlots: Board = {
  ...linux,
  storage: { ...linux.storage, pages: 240 },
  freeRegions: [
    { name: "settings", address: 0x10000000 + 240 * 1024, pageBytes: 1024, pages: 2 },
    { name: "outbox", address: 0x10000000 + 242 * 1024, pageBytes: 1024, pages: 14 },
  ],
};

/** At this line the wrapper that stands in for a watchdog ends the process. */
const HANGS = "@hangs";
/** Of one start, where nothing happens that should. */
const LIMIT_MS = 20000;
/** A test waits for no pause that is there for people. */
const PAUSE = ["1e4", "100"] as const;
/** A day without an inference, as long as it may be for a test. */
const DAY = ["864e5", "3000"] as const;

interface Case {
  readonly what: string;
  readonly bundle: (good: string) => string;
  readonly rules?: Partial<Record<Field, number>>;
  readonly hasShortDays?: boolean;
  readonly reason: ErrorCode;
  /** Starts until the confirmed application runs again, that one included. */
  readonly starts: number;
}

const CASES: Case[] = [
  { what: "with a syntax error", bundle: () => "function(", reason: ErrorCode.UPDATE_CRASHED, starts: 4 },
  {
    what: "that throws at start",
    bundle: () => 'throw new Error("no");',
    reason: ErrorCode.UPDATE_CRASHED,
    starts: 4,
  },
  {
    what: "in an endless loop",
    bundle: () => `print("${HANGS}");for(;;);`,
    reason: ErrorCode.UPDATE_SILENT,
    starts: 9,
  },
  {
    what: "that runs and leaves too little memory",
    bundle: (good) => good.replace("@VARIANT-A", "@VARIANT-B"),
    rules: { [Field.TRIAL_FREE_BYTES]: 0x7fffffff },
    reason: ErrorCode.UPDATE_MEMORY_LOW,
    starts: 2,
  },
  {
    what: "that runs and makes no inference for a day",
    bundle: () => 'setInterval("print(1)",500);',
    hasShortDays: true,
    reason: ErrorCode.UPDATE_IDLE,
    starts: 2,
  },
];

interface Chip {
  readonly board: Board;
  readonly region: SimulatedFlash;
  readonly storage: SimulatedFlash;
}

function chipOf(board: Board): Chip {
  const { writeUnitBytes, rewritesPerWord, storage } = board;
  const pageCount = board.freeRegions.reduce((sum, { pages }) => sum + pages, 0);
  const more = { writeUnitBytes, rewritesPerWord, pageBytes: storage.pageBytes };
  return {
    board,
    region: new SimulatedFlash({ ...more, pageCount }),
    storage: new SimulatedFlash({ ...more, pageCount: storage.pages }),
  };
}

function slotsOf({ region, storage }: Chip): Slots {
  return new Slots(new FlashSettings(new FlashPages(region)), new SimulatedFiles(storage));
}

function parts({ board, region, storage }: Chip): [SimulatedFlash, number][] {
  return [
    [storage, board.storage.address - board.flashAddress],
    [region, board.freeRegions[0]!.address - board.flashAddress],
  ];
}

function saveChip(chip: Chip, file: string): void {
  const bytes = Buffer.alloc(chip.board.flashBytes, 0xff);
  for (const [flash, at] of parts(chip)) bytes.set(flash.image, at);
  writeFileSync(file, bytes);
}

function loadChip(board: Board, file: string): Chip {
  const chip = chipOf(board);
  const bytes = readFileSync(file);
  for (const [flash, at] of parts(chip)) flash.image.set(bytes.subarray(at, at + flash.image.length));
  return chip;
}

/** A chip with the application confirmed in slot a, and an update in slot b that the next boot tries. */
function stagedChip(board: Board, files: readonly StorageFile[], update: Uint8Array, rules: Case["rules"]): Chip {
  const chip = chipOf(board);
  const provisioning = encodeProvisioning({ device: "d1", incarnation: 1, brokerHost: "127.0.0.1", brokerPort: 9 });
  const simulated = new SimulatedFiles(chip.storage);
  fillStorage(simulated.storage, board.storage, [{ name: "sertao.cfg", bytes: provisioning }, ...files]);
  const slots = slotsOf(chip);
  slots.install();
  simulated.clearSlot("app.b");
  simulated.writeSlot("app.b", 0, update);
  const manifest: Manifest = deviceManifest(UpdateKind.APPLICATION, 7, update.length, rules);
  expect(slots.stage(manifest)).toBe(ErrorCode.OK);
  return chip;
}

/** Starts the engine again and again, as a board is, until it says `line`. @returns starts, and all lines */
async function startUntil(command: string, folder: string, line: string, limit: number): Promise<[number, string[]]> {
  const said: string[] = [];
  for (let starts = 1; starts <= limit; starts++) {
    const found = await new Promise<boolean>((resolve) => {
      const child: ChildProcess = spawn(command, [], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
      const limitMs = setTimeout(() => child.kill("SIGKILL"), LIMIT_MS);
      let isFound = false;
      createInterface({ input: child.stdout! }).on("line", (text) => {
        said.push(text.trim());
        isFound ||= text.includes(line);
        if (isFound || text.includes(HANGS)) child.kill("SIGKILL");
      });
      child.once("exit", () => {
        clearTimeout(limitMs);
        resolve(isFound);
      });
    });
    if (found) return [starts, said];
  }
  return [limit + 1, said];
}

for (const [command, board] of [
  ["espruino", linuxSlots],
  ["espruino-field", linuxField],
] as const) {
  const path = findCommand(command);
  (path === undefined ? describe.skip : describe.concurrent)(
    `an update of the application on ${command} (needs it)`,
    () => {
      let built: BuiltApp;
      beforeAll(async () => {
        built = await buildApp("test/fixtures/trial", board);
      });

      const files = (hasShortDays: boolean): StorageFile[] => {
        const supervisor = impatient(built.installation!.supervisor, hasShortDays ? [PAUSE, DAY] : [PAUSE]);
        return storageFiles({ ...built, installation: { ...built.installation!, supervisor } });
      };

      it.each(CASES)("$what comes back by itself to the confirmed one", async (one) => {
        const { bundle, reason, rules, starts, hasShortDays = false } = one;
        await inFolder(async (folder) => {
          const flash = join(folder, "espruino.flash");
          saveChip(stagedChip(board, files(hasShortDays), Buffer.from(bundle(built.code)), rules), flash);
          const [started, said] = await startUntil(path!, folder, "@VARIANT-A", starts + 2);
          expect(said.join("\n")).toContain("sertao: update taken back");
          expect(started).toBe(starts);
          const slots = slotsOf(loadChip(board, flash));
          expect(slots.activeFile(UpdateKind.APPLICATION)).toBe("app.a");
          expect(slots.report()).toEqual({ sequence: 7, companion: 0, reason });
          expect([slots.failed(7), slots.accepted(), slots.onTrial()]).toEqual([true, 7, false]);
        });
      });
    },
  );
}

function impatient(supervisor: string, swaps: readonly (readonly [string, string])[]): string {
  let code = supervisor;
  for (const [long, short] of swaps) {
    expect(code.split(long)).toHaveLength(2);
    code = code.replace(long, short);
  }
  return code;
}

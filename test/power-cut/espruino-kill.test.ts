import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { OverflowPolicy, Priority } from "../../lib/outbox/outbox.js";
import { findCommand } from "../../scripts/engine/find-command.js";
import { inFolder } from "../../scripts/engine/run-command.js";
import { SeededRandom } from "../../scripts/readings/seeded-random.js";
import { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { openOutbox } from "../../scripts/simulate/powercut/outbox-subject.js";
import { drain } from "../contract/outbox.js";
import type { RawRegion } from "./device-script.js";
import { deviceScript, outboxSource, RAW_REGIONS } from "./device-script.js";

/** SERTAO_KILLS=200 for the long run. */
const KILLS = Number(process.env["SERTAO_KILLS"] ?? 12);

// Says what it is about to do and what it has done; each record follows from its sequence.
const RUN = `
const record = new Uint8Array(14);
let sequence = 0;
let last = 0;
outbox.read(Priority.NORMAL, 0, function (s: number): boolean { last = s; return true; });
print("\\n@begin " + last);
function work(): void {
  for (let i = 0; i < 14; i++) record[i] = (last + 1) * 31 + i * 7;
  sequence = outbox.append(Priority.NORMAL, record, 14);
  if (sequence !== last + 1) print("\\n@wrong " + sequence + " after " + last);
  last = sequence;
  print("\\n@has " + last);
  if (last % 10 === 0 && last > 30) {
    print("\\n@asks " + (last - 30));
    outbox.acknowledge(Priority.NORMAL, last - 30);
    print("\\n@done " + (last - 30));
  }
  setTimeout(work, 0);
}
work();
`;

interface Claims {
  begin: number;
  has: number;
  asks: number;
  done: number;
  wrong: number;
}

/** Runs the script until `lines` lines have come and then some microseconds, and kills it. */
function runAndKill(command: string, folder: string, claims: Claims, lines: number, spins: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, ["script.js"], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    let text = "";
    let seen = 0;
    const take = (): void => {
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
        const match = /@(begin|has|asks|done|wrong) (\d+)/.exec(text.slice(0, end));
        text = text.slice(end + 1);
        if (match === null) continue;
        claims[match[1] as keyof Claims] = Number(match[2]);
        seen++;
      }
    };
    child.stdout.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      take();
      if (seen < lines || child.killed) return;
      for (let i = 0; i < spins; i++) Math.sqrt(i);
      child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", () => {
      take();
      resolve();
    });
  });
}

async function flashOf(folder: string, region: RawRegion): Promise<SimulatedFlash> {
  const image = await readFile(join(folder, "espruino.flash"));
  const start = region.address - 0x10000000;
  const flash = new SimulatedFlash({
    pageBytes: region.pageBytes,
    pageCount: region.pages,
    writeUnitBytes: 4,
    rewritesPerWord: 255,
  });
  flash.image.set(image.subarray(start, start + region.pageBytes * region.pages));
  return flash;
}

for (const command of Object.keys(RAW_REGIONS)) {
  const path = findCommand(command);
  describe.skipIf(path === undefined)(`killing ${command} (needs its command)`, () => {
    it(`loses nothing in ${KILLS} kills`, { timeout: 600_000 }, async () => {
      const region = RAW_REGIONS[command]!;
      const random = new SeededRandom(99);
      const claims: Claims = { begin: 0, has: 0, asks: 0, done: 0, wrong: 0 };
      await inFolder(async (folder) => {
        await writeFile(join(folder, "script.js"), await deviceScript(outboxSource(region) + RUN));
        for (let kill = 0; kill < KILLS; kill++) {
          await runAndKill(path!, folder, claims, 1 + random.below(120), random.below(200_000));
          expect(claims.wrong).toBe(0);
          const outbox = openOutbox(await flashOf(folder, region), {
            freshIncarnation: 1,
            normalPolicy: OverflowPolicy.DROP_OLDEST,
            alarmPolicy: OverflowPolicy.DROP_OLDEST,
          });
          const found = drain(outbox, Priority.NORMAL);
          const first = found[0]?.[0] ?? 1;
          expect(outbox.incarnation).toBe(77);
          expect(found.length === 0 ? 0 : found.at(-1)![0]).toBeGreaterThanOrEqual(claims.has);
          expect(first).toBeGreaterThan(claims.done);
          expect(first).toBeLessThanOrEqual(claims.asks + 1);
          expect(found.map(([sequence]) => sequence)).toEqual(found.map((_, i) => first + i));
          for (const [sequence, bytes] of found) {
            const expected = Uint8Array.from({ length: 14 }, (_, i) => (sequence * 31 + i * 7) & 255);
            expect(bytes).toBe(Buffer.from(expected).toString("hex"));
          }
        }
      });
      expect(claims.has).toBeGreaterThan(KILLS * 5);
    });
  });
}

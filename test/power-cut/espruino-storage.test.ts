import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCommand } from "../../scripts/engine/find-command.js";
import { inFolder, runCommand } from "../../scripts/engine/run-command.js";
import { SeededRandom } from "../../scripts/readings/seeded-random.js";
import { EspruinoStorage } from "../../scripts/simulate/flash/espruino-storage.js";
import { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";

/** [name, length, seed, offset, size]; a length of 0 erases, -1 compacts. */
type Operation = [name: string, length: number, seed: number, offset: number, size: number];

const PAGES = { pageBytes: 1024, pageCount: 256, writeUnitBytes: 4, rewritesPerWord: 255 };

function flash(pageCount = 16): SimulatedFlash {
  return new SimulatedFlash({ ...PAGES, pageCount });
}

function content(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (seed * 7 + i * 13 + (i >> 5)) & 255);
}

function perform(storage: EspruinoStorage, [name, length, seed, offset, size]: Operation): string {
  try {
    if (length < 0) storage.compact();
    else if (length === 0) storage.erase(name);
    else storage.write(name, content(length, seed), offset, size);
    return "ok";
  } catch (error) {
    return (error as Error).message;
  }
}

function randomOperations(seed: number, count: number, largest: number): Operation[] {
  const random = new SeededRandom(seed);
  const operations: Operation[] = [];
  for (let i = 0; i < count; i++) {
    const name = ["a", ".bootcde", "model.smod", "x".repeat(28), "y".repeat(31), "C:drive", `f${random.below(8)}`][
      random.below(7)
    ]!;
    const what = random.below(20);
    const length = 1 + random.below(largest);
    if (what < 3) operations.push([name, 0, 0, 0, 0]);
    else if (what === 3) operations.push([name, -1, 0, 0, 0]);
    else if (what < 7) {
      // A file that is created first and filled in pieces, the last of them too long for it.
      operations.push(
        [name, 5, i, 0, length + 9],
        [name, 3, i, 5, 0],
        [name, length, i, 9, 0],
        [name, 9, i, length + 2, 0],
      );
    } else operations.push([name, length, random.below(3), 0, 0]);
  }
  return operations;
}

/** Does the same in a real Espruino; returns what it said and its flash. */
async function onEspruino(command: string, operations: Operation[]): Promise<{ said: string[]; image: Buffer }> {
  return inFolder(async (folder) => {
    const script = `
var s=require("Storage"),ops=${JSON.stringify(operations)},i,j,o,d;
for(i=0;i<ops.length;i++){o=ops[i];
try{if(o[1]<0)s.compact();else if(o[1]==0)s.erase(o[0]);else{
d=new Uint8Array(o[1]);for(j=0;j<o[1];j++)d[j]=(o[2]*7+j*13+(j>>5))&255;
s.write(o[0],d,o[3],o[4]);}
print("\\n@ok");}catch(e){print("\\n@"+e.message);}}
print("\\n@list "+s.list().join("|")+" "+s.getFree());
print("\\n@end");
`;
    await writeFile(join(folder, "script.js"), script);
    const said = await runCommand({ command, args: ["script.js"], folder, holdInput: true });
    return { said, image: await readFile(join(folder, "espruino.flash")) };
  });
}

describe("EspruinoStorage", () => {
  it("writes the bytes that the format has", () => {
    const chip = flash();
    const storage = new EspruinoStorage(chip);
    storage.write("abc", Uint8Array.of(1, 2, 3, 4, 5));
    const expected = new Uint8Array(40).fill(0);
    expected.set([5, 0, 0, 0, 97, 98, 99], 0);
    expected.set([1, 2, 3, 4, 5, 255, 255, 255], 32);
    expect([...chip.image.subarray(0, 40)]).toEqual([...expected]);
    storage.erase("abc");
    expect([...chip.image.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
    expect(storage.read("abc")).toBeUndefined();
  });

  it("cuts names of more than 28 bytes, so that two files may become one", () => {
    const storage = new EspruinoStorage(flash());
    storage.write("n".repeat(28) + "1", Uint8Array.of(1));
    storage.write("n".repeat(28) + "2", Uint8Array.of(2));
    expect(storage.list()).toEqual(["n".repeat(28)]);
    expect([...storage.read("n".repeat(28))!]).toEqual([2]);
  });

  it("loses the old file too where the new one does not fit", () => {
    const storage = new EspruinoStorage(flash(4));
    storage.write("a", new Uint8Array(1000));
    expect(() => storage.write("a", new Uint8Array(5000))).toThrow("Unable to find or create file");
    expect(storage.read("a")).toBeUndefined();
  });

  it("compacts by itself when that makes room, and keeps what lives", () => {
    const storage = new EspruinoStorage(flash(8));
    storage.write("keep", content(700, 3));
    for (let i = 0; i < 30; i++) storage.write("turn", content(1500, i));
    expect(storage.read("keep")).toEqual(content(700, 3));
    expect(storage.read("turn")).toEqual(content(1500, 29));
    expect(storage.compact()).toBe(true);
    expect(storage.compact()).toBe(false);
    expect(storage.list()).toEqual(["keep", "turn"]);
  });

  it("leaves a whole header over erased bytes where power fails between the two: the read does not tell", () => {
    const chip = flash();
    const storage = new EspruinoStorage(chip);
    chip.cutAt(2, { kind: "none" });
    expect(() => storage.write("a", content(8, 1))).toThrow("power cut");
    chip.restart();
    expect([...new EspruinoStorage(chip).read("a")!]).toEqual(new Array(8).fill(255));
  });

  const engine = findCommand("espruino");
  describe.skipIf(engine === undefined)("beside a real Espruino (needs espruino)", () => {
    it.each([
      { seed: 1, count: 80, largest: 3000 },
      { seed: 2, count: 30, largest: 30000 },
      { seed: 3, count: 60, largest: 90 },
    ])("has the same image after the same operations (seed $seed)", async ({ seed, count, largest }) => {
      const operations = randomOperations(seed, count, largest);
      const chip = flash(256);
      const storage = new EspruinoStorage(chip);
      const said = operations.map((operation) => `@${perform(storage, operation)}`);
      said.push(`@list ${storage.list().join("|")} ${storage.freeBytes()}`, "@end");
      const real = await onEspruino(engine!, operations);
      expect(real.said).toEqual(said);
      expect(Buffer.compare(real.image, Buffer.from(chip.image))).toBe(0);
      expect(chip.eraseCounts.some((erases) => erases > 0)).toBe(true);
    });
  });
});

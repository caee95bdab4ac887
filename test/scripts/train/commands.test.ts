import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { evaluateCommand } from "../../../scripts/cli/commands/evaluate.js";
import { quantizeCommand } from "../../../scripts/cli/commands/quantize.js";
import { trainCommand } from "../../../scripts/cli/commands/train.js";
import { SeededRandom } from "../../../scripts/readings/seeded-random.js";
import { readWeights } from "../../../scripts/train/weights.js";

const folder = mkdtempSync(join(tmpdir(), "sertao-train-"));
const recording = join(folder, "room.csv");
const fresh = join(folder, "fresh.csv");
const out = join(folder, "made");

/** Runs a command line and returns what it printed. */
async function sertao(...words: string[]): Promise<string> {
  const program = new Command().exitOverride();
  for (const command of [trainCommand, quantizeCommand, evaluateCommand]) command(program);
  const lines: string[] = [];
  const print = vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  try {
    await program.parseAsync(words, { from: "user" });
  } finally {
    print.mockRestore();
  }
  return lines.join("\n");
}

function room(rows: number, seed: number): string {
  const random = new SeededRandom(seed);
  const lines = ["time,Temp,Lux,People"];
  for (let i = 0; i < rows; i++) {
    const people = random.uniform() < 0.4;
    lines.push(`${i},${20 + random.normal() + (people ? 1 : 0)},${people ? 300 + 50 * random.normal() : 0},${+people}`);
  }
  return `${lines.join("\n")}\n`;
}

beforeAll(() => {
  writeFileSync(recording, room(600, 1));
  writeFileSync(fresh, room(200, 2));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("from a recording to an int8 model and a report, without a configuration", async () => {
  const data = ["--csv", recording, "--label", "People", "--columns", "Temp,Lux", "--out", out];
  const trained = JSON.parse(await sertao("train", ...data, "--epochs", "12", "--json")) as Record<string, unknown>;
  expect(trained).toMatchObject({ rows: 600, weights: join(out, "weights.json") });
  expect(await sertao("quantize", out, "--csv", recording)).toMatch(/bytes of int8 model; next: sertao evaluate/);
  const judged = JSON.parse(await sertao("evaluate", out, "--csv", fresh, "--json")) as {
    rows: number;
    int8: { accuracy: number };
    agreement: number;
  };
  expect(judged.rows).toBe(200);
  expect(judged.int8.accuracy).toBeGreaterThan(0.97);
  expect(judged.agreement).toBeGreaterThan(0.97);
  const report = readFileSync(join(out, "report", "REPORT.md"), "utf8");
  expect(report).toContain(`sertao evaluate ${out} --csv fresh.csv`);
  expect(report).toMatch(/\| trained on +\| room.csv/);
  for (const plot of ["roc.svg", "precision-recall.svg", "training.svg"]) {
    expect(report).toContain(plot);
    expect(readFileSync(join(out, "report", plot), "utf8")).toMatch(/^<svg[^]*<polyline[^]*<\/svg>\n$/);
  }
  expect(readFileSync(join(out, "labels.txt"), "utf8")).toBe("yes\n");
  expect(readFileSync(join(out, "scaling.ts"), "utf8")).toMatch(
    /export const SCALING = \{\n {2}mean: \[[^]*THRESHOLD = 0\.\d+;\n$/,
  );
});

test("the same command gives the same bytes; another seed does not", async () => {
  const files = ["weights.json", "model.tflite"];
  const bytes = async (...more: string[]) => {
    const into = join(folder, "again");
    const data = ["--csv", recording, "--label", "People", "--columns", "Temp,Lux", "--out", into];
    await sertao("train", ...data, "--epochs", "3", ...more);
    await sertao("quantize", into, "--csv", recording);
    const read = files.map((file) => readFileSync(join(into, file)).toString("hex"));
    rmSync(into, { recursive: true });
    return read;
  };
  const first = await bytes();
  expect(await bytes()).toEqual(first);
  expect((await bytes("--seed", "2"))[1]).not.toBe(first[1]);
});

test("weights come back as they were", () => {
  const path = join(out, "weights.json");
  const model = readWeights(path, ["Temp", "Lux"], ["yes"]);
  expect(model.network.layers.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
    [2, 16],
    [16, 8],
    [8, 1],
  ]);
  expect(() => readWeights(path, ["Lux", "Temp"], ["yes"])).toThrow(/WEIGHTS_INVALID.*not those of training.json/);
  const text = readFileSync(path, "utf8");
  for (const damage of [text.slice(0, -20), text.replace('"inputs":16', '"inputs":15'), "[]", "null"]) {
    writeFileSync(join(folder, "damaged.json"), damage);
    expect(() => readWeights(join(folder, "damaged.json"), ["Temp", "Lux"], ["yes"])).toThrow(/WEIGHTS_INVALID/);
  }
});

test("wrong words are refused with what to do", async () => {
  await expect(sertao("train")).rejects.toThrow(/USAGE: Without a training.json/);
  await expect(sertao("train", "occupancy")).rejects.toThrow(/RECORDING_MISSING.*--csv/);
  await expect(sertao("train", "orchard-frost", "--csv", recording)).rejects.toThrow(/trained from a generator/);
  await expect(sertao("train", "orchard-frost", "--epochs", "many")).rejects.toThrow(/USAGE: --epochs/);
  await expect(sertao("quantize", join(folder, "nothing"))).rejects.toThrow(/TRAINING_CONFIG_MISSING/);
  await expect(sertao("train", "occupancy", "--csv", recording)).rejects.toThrow(/CSV_COLUMN_MISSING.*Temperature/);
  await expect(sertao("train", "occupancy", "--csv", recording, "--columns", "Temp")).rejects.toThrow(
    /1 columns for 5/,
  );
  await expect(sertao("train", "occupancy", "--csv", recording, "--map", "noise=Temp")).rejects.toThrow(
    /no channel noise/,
  );
  await expect(sertao("train", "occupancy", "--csv", recording, "--map", "light")).rejects.toThrow(/channel=column/);
  const bare = join(folder, "bare");
  const data = ["--csv", recording, "--label", "People", "--columns", "Temp,Lux"];
  await expect(sertao("train", ...data.slice(0, 3), "Lux", "--columns", "Temp", "--out", bare)).rejects.toThrow(
    /CSV_INVALID.*not a class of Lux/,
  );
  expect(existsSync(bare)).toBe(false);
  writeFileSync(join(folder, "training.json"), readFileSync(join(out, "training.json")));
  await expect(sertao("evaluate", folder, "--csv", fresh)).rejects.toThrow(/WEIGHTS_MISSING.*sertao train/);
});

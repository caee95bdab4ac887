import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { Aedes } from "aedes";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "../../scripts/cli/commands.js";
import { built } from "../e2e/sertao-command.js";
import { RomChip } from "../support/rom/rom-chip.js";
import { espruinoCommand, LiveEspruino } from "../support/serial/live-espruino.js";
import { Pty, socatCommand } from "../support/serial/pty.js";
import { canRun, notRun, ownTest } from "./command-table.js";
import { blocksOf, commandsOf, documents, inlineCodeOf, root } from "./markdown.js";
import { runCommand } from "./run-command.js";
import { Workspace } from "./workspace.js";

const LANES = 2;
const TIMEOUT_MS = 240_000;

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** npm scripts that a line starts. */
const scriptsIn = (line: string): string[] =>
  [...line.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test))/g)].map(([, long, short]) => (long ?? short)!);

/** What may be run of a document, in order: later commands use what earlier ones made. */
const runnable = (document: string): string[] =>
  ownTest[document] !== undefined
    ? []
    : commandsOf(document).filter((command) => notRun[command] === undefined && canRun(command));

describe("commands in the documents", () => {
  test("are found: the ones that everybody runs first, and those of each document", () => {
    expect(commandsOf("README.md")).toContain("npm ci && npm start");
    expect(commandsOf("docs/fleet.md").length).toBeGreaterThan(6);
    expect(commandsOf("docs/simulator.md").some((command) => /datatest\.txt .*--map temperature=/.test(command))).toBe(
      true,
    );
  });

  test("stand in blocks marked sh, where this test finds them", () => {
    const hidden = documents.flatMap((document) =>
      blocksOf(document)
        .filter(({ language }) => language !== "sh")
        .flatMap(({ lines }) => lines.filter((line) => /^\s*(\$ )?(npx|npm|sertao|node|git) /.test(line)))
        .map((line) => `${document}: ${line}`),
    );
    expect(hidden).toEqual([]);
  });

  test("that are not run are listed with a reason, start npm scripts that exist, and are still in a document", () => {
    const all = documents.flatMap(commandsOf);
    expect(Object.keys(notRun).filter((command) => !all.includes(command))).toEqual([]);
    const missing = Object.keys(notRun)
      .flatMap(scriptsIn)
      .filter((name) => scripts[name] === undefined);
    expect(missing).toEqual([]);
  });

  test("named in a sentence or a table exist: npm scripts, tests, sub-commands of sertao and their options", () => {
    const program = new Command("sertao");
    for (const command of commands) command(program);
    expect(documents.flatMap((document) => inlineCodeOf(document).flatMap((code) => wrongIn(code, program)))).toEqual(
      [],
    );
    expect(wrongIn("sertao model squeeze FILE", program)).toEqual(["sertao model squeeze FILE"]);
    expect(wrongIn("sertao build APP --speed 3", program)).toEqual(["sertao build APP --speed 3"]);
    expect(wrongIn("npm run no-such-script", program)).toEqual(["npm run no-such-script"]);
  });
});

/** The code itself where it names something that does not exist. */
function wrongIn(code: string, program: Command): string[] {
  const line = code.replace(/^(?:\w+=\S+ )*(?:npx (?:--no-install )?)?/, "");
  if (scriptsIn(line).some((name) => scripts[name] === undefined)) return [code];
  const tests = /^vitest run (\S+)/.exec(line)?.[1];
  if (tests !== undefined && !existsSync(join(root, tests))) return [code];
  if (!/^sertao [a-z]/.test(line)) return [];
  const words = line.split(" ").slice(1);
  let command = program;
  for (const word of words) {
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next === undefined && command.commands.length > 0 && /^[a-z]/.test(word)) return [code];
    command = next ?? command;
  }
  const options = words.filter((word) => word.startsWith("--") && word !== "--help");
  return options.every((option) => command.options.some(({ long }) => long === option)) ? [] : [code];
}

describe.skipIf(!built)("the commands of the documents run as written (needs dist/)", () => {
  const first = new Workspace();
  const workspaces = [first];
  const broker = { server: undefined as Server | undefined, aedes: undefined as Aedes | undefined };
  const env: Record<string, string> = { PASSWORD: "rain-in-the-sertao", KEY: "5e".repeat(32), BROKER: "" };
  const ptys: Pty[] = [];
  const board = { engine: undefined as LiveEspruino | undefined };
  const lanes = Array.from({ length: LANES }, () => Promise.resolve());
  let turn = 0;

  /** Runs `work` when the lane whose turn it is has nothing before it. */
  function inLane<T>(work: () => Promise<T>): Promise<T> {
    const lane = turn++ % LANES;
    const done = lanes[lane]!.then(work);
    lanes[lane] = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  beforeAll(async () => {
    const aedes = await Aedes.createBroker();
    broker.aedes = aedes;
    broker.server = createServer((stream) => void aedes.handle(stream));
    broker.server.listen(0, "127.0.0.1");
    await once(broker.server, "listening");
    env["BROKER"] = `127.0.0.1:${(broker.server.address() as AddressInfo).port}`;
    if (socatCommand !== undefined) {
      const rom = await Pty.with(new RomChip({ downloadMode: true }));
      ptys.push(rom);
      env["ROM_PORT"] = rom.path;
    }
    if (socatCommand !== undefined && espruinoCommand !== undefined) {
      board.engine = new LiveEspruino();
      const console = await Pty.with(board.engine);
      ptys.push(console);
      env["ESPRUINO_PORT"] = console.path;
    }
    const simulate = "npx --no-install sertao simulate orchard-frost --link perfect --days 0.1 --store made.sqlite";
    expect(await runCommand(simulate, first, env)).toBeUndefined();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await new Promise<void>((resolve) => (broker.aedes === undefined ? resolve() : broker.aedes.close(resolve)));
    broker.server?.close();
    for (const pty of ptys) await pty.close();
    board.engine?.stop();
    for (const workspace of workspaces) workspace.remove();
  });

  test.concurrent.for(documents.filter((document) => runnable(document).length > 0))(
    "%s",
    { timeout: TIMEOUT_MS },
    (document, { expect }) =>
      inLane(async () => {
        const workspace = new Workspace();
        workspaces.push(workspace);
        workspace.takeStore(join(first.folder, "made.sqlite"));
        const problems: string[] = [];
        for (const command of runnable(document)) {
          const problem = await runCommand(command, workspace, env);
          if (problem !== undefined) problems.push(problem);
        }
        expect(problems).toEqual([]);
      }),
  );

  for (const document of documents.filter((name) => ownTest[name] === undefined))
    for (const command of commandsOf(document).filter((line) => notRun[line] === undefined && !canRun(line)))
      test.skip(`${document}: ${command} (needs a command that is missing here)`, () => undefined);
});

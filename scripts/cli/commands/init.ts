import { basename, relative, resolve } from "node:path";
import type { Command } from "commander";
import { type Board, boards, findBoard } from "../../../boards/index.js";
import { boardUnknown } from "../../errors/board.js";
import { initName } from "../../errors/init.js";
import { placeSensors } from "../../init/place-sensors.js";
import { placedText } from "../../init/project-files.js";
import { checkFolder, scaffold } from "../../init/scaffold.js";
import { sensorChoices } from "../../init/sensor-choices.js";
import { askInit } from "../ask-init.js";
import { printJson } from "./fleet-store.js";

const DEFAULT_BOARD = "esp32";
const DEFAULT_SENSORS = "sht4x";

interface Options {
  board?: string;
  sensors?: string;
  name?: string;
  json?: true;
}

/** `sertao init`: an application of one's own. */
export function initCommand(program: Command): void {
  program
    .command("init")
    .description(
      "write a new application, with a model trained on readings that are made up, ready to build and simulate",
    )
    .argument("<folder>", "a new folder, or one with nothing but a package.json")
    .option("--board <board>", `board to write it for (default: ${DEFAULT_BOARD}; see: sertao boards)`)
    .option(
      "--sensors <list>",
      `separated by commas: ${sensorChoices.map(({ id }) => id).join(", ")} (default: ${DEFAULT_SENSORS})`,
    )
    .option("--name <name>", "of the application (default: the folder's)")
    .option("--json", "print what was written as JSON")
    .action(async (folder: string, options: Options) => {
      checkFolder(folder);
      const name = options.name ?? nameOf(folder);
      if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) throw initName(name);
      const isAsked = process.stdin.isTTY && process.stderr.isTTY && options.json === undefined;
      const { board = DEFAULT_BOARD, sensors = DEFAULT_SENSORS } = isAsked ? await askInit(options) : options;
      const placed = placeSensors(boardNamed(board), sensors.split(","));
      const files = await scaffold(folder, { name, board: boardNamed(board), sensors: placed });
      if (options.json) return printJson({ folder: resolve(folder), name, board, files });
      const lines = placed.map((sensor) => `  ${placedText(sensor)}`);
      console.log(
        [`${name} for ${boardNamed(board).title}:`, ...lines, ...files.map((file) => `wrote ${file}`)].join("\n"),
      );
      console.log(`next:${goTo(folder)} npm run build, npm run simulate, npm test`);
    });
}

function boardNamed(id: string): Board {
  const board = findBoard(id);
  if (board === undefined) throw boardUnknown(id, boards.map((known) => known.id).join(", "));
  return board;
}

function nameOf(folder: string): string {
  return basename(resolve(folder))
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

function goTo(folder: string): string {
  const path = relative(process.cwd(), resolve(folder));
  return path === "" ? "" : ` cd ${path},`;
}

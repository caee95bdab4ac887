import type { EspruinoConsole } from "../console/espruino-console.js";
import { lookAtDevice } from "../upload/device-files.js";
import { ConsoleLines } from "./console-lines.js";
import { CODE_FILES, findBuild, readMap } from "./find-build.js";
import { isShown, LevelReader, type LogLevel } from "./log-level.js";
import { StackMapper } from "./stack-mapper.js";

/** A line for the reader. */
export interface MonitorLine {
  readonly level: LogLevel;
  readonly text: string;
}

export interface MonitorOptions {
  readonly least: LogLevel;
  /** Where builds lie: build/APP/BOARD/. */
  readonly buildRoot: string;
  /** The build to map with, whatever the device runs. */
  readonly build?: string;
  readonly show: (line: MonitorLine) => void;
}

/** Makes lines of what a device prints: levels, and sources in place of positions in the bundle. */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #levels = new LevelReader();
  readonly #lines = new ConsoleLines((line) => this.#tell(line));
  #mapper: StackMapper | undefined;

  constructor(options: MonitorOptions) {
    this.#options = options;
    if (options.build !== undefined) this.#mapper = new StackMapper(readMap(options.build));
  }

  printed(text: string): void {
    this.#lines.take(text);
  }

  flush(): void {
    this.#lines.flush();
  }

  /**
   * Looks for the build of what the device runs.
   * @returns its folder; undefined where there is none here, or none was looked for
   */
  async findSources(device: EspruinoConsole): Promise<string | undefined> {
    if (this.#options.build !== undefined) return undefined;
    const { files } = await lookAtDevice(device, CODE_FILES);
    const folder = findBuild(this.#options.buildRoot, files);
    this.#mapper = folder === undefined ? undefined : new StackMapper(readMap(folder));
    return folder;
  }

  #tell(line: string): void {
    const level = this.#levels.levelOf(line);
    if (isShown(level, this.#options.least)) this.#options.show({ level, text: this.#mapper?.map(line) ?? line });
  }
}

import { isCancel, multiselect, select } from "@clack/prompts";
import { boards } from "../../boards/index.js";
import { promptCancelled } from "../errors/provision.js";
import { sensorChoices } from "../init/sensor-choices.js";

const output = process.stderr;

/** What the command line of `sertao init` says. */
export interface InitChoices {
  readonly board?: string;
  readonly sensors?: string;
}

/**
 * Asks on the terminal for what is still missing.
 * @throws SertaoError PROMPT_CANCELLED
 */
export async function askInit({ board, sensors }: InitChoices): Promise<InitChoices> {
  const options = boards.map(({ id, title }) => ({ value: id, label: title }));
  const chosen = board ?? (await select({ message: "Board", options, output }));
  if (isCancel(chosen)) throw promptCancelled();
  if (sensors !== undefined) return { board: chosen, sensors };
  const parts = await multiselect({
    message: "Sensors (space chooses)",
    options: sensorChoices.map(({ id, title }) => ({ value: id, label: title })),
    required: true,
    output,
  });
  if (isCancel(parts)) throw promptCancelled();
  return { board: chosen, sensors: parts.join(",") };
}

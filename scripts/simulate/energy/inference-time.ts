import type { Board } from "../../../boards/board.js";
import type { BuiltApp } from "../../bundle/build-app.js";
import { inferenceCost } from "../../model/cost/inference-cost.js";
import { timeEstimates } from "../../model/cost/time-estimate.js";

/** How long an inference of an application is likely to take on a board, by the estimate's middle; undefined where nobody knows. */
export async function inferenceTime({ pack, report }: BuiltApp, board: Board): Promise<number | undefined> {
  if (pack === undefined || report.model === undefined) return undefined;
  const cost = await inferenceCost({ pack, report: report.model });
  return timeEstimates(report.model.backend, cost, board)[0]?.ms.mid;
}

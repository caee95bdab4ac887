import { textTable } from "../fleet/show/text-table.js";
import type { CompileReport } from "./compile-report.js";

/** The report of a compilation as text. */
export function reportText(report: CompileReport, file: string): string {
  const { single, split, exact } = report.fits;
  const rows = report.operators.map(({ node, operator, kernel, macs, outputs, constantBytes }) => [
    String(node),
    operator,
    kernel === operator ? "" : kernel,
    String(macs),
    String(outputs),
    String(constantBytes),
  ]);
  const lines = [
    `wrote ${file}: ${report.packBytes} bytes, model ${report.modelId.toString(16).padStart(8, "0")}`,
    textTable(["#", "operator", "runs as", "MACs", "outputs", "bytes"], rows),
    `arena ${report.arenaBytes} bytes (tensors alive at one time: ${report.liveBytes}), scratch ${report.scratchBytes}`,
    `requantization: ${single} fitted with one addend, ${split} with one per sign, ${exact} in exact integers`,
  ];
  if (report.nativePlan !== undefined) lines.push(`native forms: the ${report.nativePlan} plan`);
  if (report.board !== undefined) {
    const { board, jsVars, jsVarsLeft, flashBytes, flashBytesLeft } = report.board;
    lines.push(
      `${board}: about ${jsVars} JsVars (${jsVarsLeft} left), ${flashBytes} bytes of flash (${flashBytesLeft} left)`,
    );
  }
  return lines.join("\n");
}

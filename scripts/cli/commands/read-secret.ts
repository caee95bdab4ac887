import { askUnseen } from "../ask-unseen.js";

/** Reads a line that nobody should see: asked for on a terminal without showing it, else the first line of stdin. */
export function readSecret(question: string): Promise<string> {
  return process.stdin.isTTY ? askUnseen(question) : firstLine();
}

async function firstLine(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin) text += String(chunk);
  return text.split(/\r?\n/)[0] ?? "";
}

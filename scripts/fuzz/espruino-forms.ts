import { readdirSync } from "node:fs";
import type { Operator } from "../../lib/nn/operator.js";

const FOLDER = new URL("../../lib/nn/espruino/", import.meta.url);

/** Every form of an operator that the espruino backend has, with those that read the same pack as the loops. */
export async function espruinoForms(): Promise<Operator[]> {
  const files = readdirSync(FOLDER).filter((name) => /\.[jt]s$/.test(name) && !name.endsWith(".d.ts"));
  const modules = await Promise.all(
    files.map((name) => import(new URL(name, FOLDER).href) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap((module) => Object.values(module)).filter(isOperator);
}

function isOperator(value: unknown): value is Operator {
  return typeof value === "object" && value !== null && "code" in value && "prepare" in value;
}

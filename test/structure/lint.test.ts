import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const eslint = new ESLint({ cwd: root });

/** Rules that speak about a text, as if it were that file. */
async function rulesFor(text: string, file: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: file });
  return [...new Set(result!.messages.map(({ ruleId }) => ruleId))];
}

test.each([
  ["setTimeout(function () {}, 1);", "no-restricted-globals"],
  ["export const a = new Map();", "no-restricted-globals"],
  ["export const a = (b: any) => b;", "@typescript-eslint/no-explicit-any"],
  ['export * from "./bytes.js";', "no-restricted-syntax"],
  ["export const a = [...[1]];", "no-restricted-syntax"],
  ["export enum A { B }", "no-restricted-syntax"],
  ["export class A extends Object {}", "no-restricted-syntax"],
  ["export async function a() { await 1; }", "no-restricted-syntax"],
  ["export function a(n: number) { switch (n) { default: return 1; case 1: return 2; } }", "no-restricted-syntax"],
  ["export function a(n: number) { b: for (;;) if (n) break b; }", "no-restricted-syntax"],
  ["export const [a] = [1];", "no-restricted-syntax"],
  ["/* eslint-disable */ export const a = (b: any) => b;", "@typescript-eslint/no-explicit-any"],
])("device code may not have %s", async (text, rule) => {
  expect(await rulesFor(text, "lib/core/tried.ts")).toContain(rule);
});

test.each([
  ["export const a = (b: any) => b;", "@typescript-eslint/no-explicit-any"],
  ['export * from "./bytes.js";', "no-restricted-syntax"],
  ["export const a = (b: number) => b == 1;", "eqeqeq"],
])("code of the workstation may not have %s", async (text, rule) => {
  expect(await rulesFor(text, "scripts/tried.ts")).toContain(rule);
});

test("a port may name its engine's globals, and a script may be asynchronous", async () => {
  expect(await rulesFor("setTimeout(function () {}, 1);", "firmware/platform/espruino/tried.ts")).toEqual([]);
  expect(
    await rulesFor("export const a = async () => [...(await b())];\nconst b = async () => [1];", "scripts/tried.ts"),
  ).toEqual([]);
});

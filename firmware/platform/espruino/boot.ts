/// <reference path="./buses/globals.d.ts" />

/** What the loader gave back: nothing at the start of a boot, a number from a timer, or an array with what was thrown. */
export function handedBack(): BootGlobals["sertaoBoot"] {
  return (global as unknown as BootGlobals).sertaoBoot;
}

/** Hands the loader the text to run, and the application what it must know. */
export function handOn(text: string, facts: unknown): void {
  (global as unknown as BootGlobals).sertaoBoot = text;
  (global as unknown as BootGlobals).sertaoSlots = facts;
}

/** The text in a file, up to its first erased byte where its length is not known (0); empty where there is none. */
export function textOf(name: string, bytes: number): string {
  const text = require("Storage").read(name, 0, bytes) || "";
  const end = bytes || text.indexOf("\xff");
  return end < 0 || end >= text.length ? text : require("Storage").read(name, 0, end) || "";
}

/** Runs a script later. As text: a function would keep all around it in memory. */
export function runLater(script: string, delayMs: number): void {
  setTimeout(script, delayMs);
}

/** Runs the supervisor again, as a timer. */
export const ASK_AGAIN = 'global.sertaoBoot=1;eval(require("Storage").read(".boot0"));delete global.sertaoBoot';

export const RESTART = "E.reboot()";

/** A line on the console. */
export function say(line: string): void {
  print(line);
}

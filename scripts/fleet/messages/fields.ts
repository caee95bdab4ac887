import { PROTOCOL_VERSION } from "../../../lib/uplink/topics.js";
import { Refusal } from "./refusal.js";

export const MAX_U32 = 0xffffffff;

/** An integer from 0 to `max`. @throws Refusal */
export function uint(value: unknown, what: string, max = MAX_U32): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > max) {
    throw new Refusal(`${what} is not an integer from 0 to ${max}`);
  }
  return value === 0 ? 0 : value;
}

/** An integer or float; NaN and infinities pass. @throws Refusal */
export function number(value: unknown, what: string): number {
  if (typeof value !== "number") throw new Refusal(`${what} is not a number`);
  return value === 0 ? 0 : value;
}

/** Text of at most `maxLength` characters; what a terminal might obey (control and format characters) becomes "?". */
export function text(value: unknown, what: string, maxLength: number): string {
  if (typeof value !== "string") throw new Refusal(`${what} is not text`);
  if (value.length > maxLength) throw new Refusal(`${what} is longer than ${maxLength} characters`);
  return value.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "?");
}

/** An array of at least `least` items. @throws Refusal */
export function array(value: unknown, what: string, least: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length < least) throw new Refusal(`${what} is not an array of ${least} or more`);
  return value as unknown[];
}

/** A map. @throws Refusal */
export function map(value: unknown, what: string): ReadonlyMap<unknown, unknown> {
  if (!(value instanceof Map)) throw new Refusal(`${what} is not a map`);
  return value;
}

/** A message that is an array: its version is checked, its items are counted. @throws Refusal */
export function versioned(value: unknown, what: string, least: number): readonly unknown[] {
  const items = array(value, what, 1);
  assertVersion(items[0], what);
  return array(items, what, least);
}

/** Refuses another major version than ours. @throws Refusal */
export function assertVersion(value: unknown, what: string): void {
  const version = uint(value, `version of ${what}`);
  if (version !== PROTOCOL_VERSION) throw new Refusal(`${what} has version ${version}, not ${PROTOCOL_VERSION}`);
}

import { Refusal } from "./refusal.js";

const MAX_DEPTH = 6;

/**
 * Walks hostile bytes before any decoder allocates for them: one item of definite lengths, no tags (a decoder may
 * build objects from them), no count above the bytes that are left, nothing after it.
 * @throws Refusal
 */
export function assertWellFormed(bytes: Uint8Array): void {
  const end = walk(bytes, 0, 0);
  if (end !== bytes.length) throw new Refusal(`${bytes.length - end} bytes after the message`);
}

function walk(bytes: Uint8Array, at: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new Refusal("nested too deeply");
  const initial = bytes[at];
  if (initial === undefined) throw new Refusal("truncated");
  const major = initial >> 5;
  const info = initial & 31;
  if (info > 27) throw new Refusal("indefinite or reserved length");
  const headBytes = info < 24 ? 1 : 1 + (1 << (info - 24));
  const next = at + headBytes;
  if (next > bytes.length) throw new Refusal("truncated");
  if (major < 2) return next;
  if (major === 6) throw new Refusal("tags are not part of the protocol");
  if (major === 7) return simple(info, next);
  const count = argument(bytes, at + 1, info);
  const items = major === 5 ? count * 2 : count;
  if (items > bytes.length - next) throw new Refusal("truncated");
  if (major < 4) return next + items;
  let position = next;
  for (let i = 0; i < items; i++) position = walk(bytes, position, depth + 1);
  return position;
}

/** Booleans, null, undefined and floats; other simple values mean nothing here. */
function simple(info: number, next: number): number {
  if (info < 20 || info === 24) throw new Refusal("unknown simple value");
  return next;
}

function argument(bytes: Uint8Array, at: number, info: number): number {
  if (info < 24) return info;
  let value = 0;
  for (let i = 0; i < 1 << (info - 24); i++) value = value * 256 + bytes[at + i]!;
  return value;
}

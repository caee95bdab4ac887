import { crc32 } from "../../../lib/core/crc32.js";
import type { EspruinoConsole } from "../console/espruino-console.js";
import { byteLiteral } from "./literal.js";

/** A file on the device, as sums and CRC-32 of its whole blocks. */
export interface OldFile {
  readonly blockBytes: number;
  readonly blocks: readonly (readonly [sum: number, crc: number])[];
}

/** Bytes of the new file that stand in the old one. */
export interface Copy {
  readonly at: number;
  readonly from: number;
  readonly bytes: number;
}

const BLOCK_BYTES = 256;
/** Their list must fit an answer. */
const MAX_BLOCKS = 256;
const WORD_BYTES = 4;
/** Variable with the old file's bytes. */
const OLD = "o";

/** Asks the device for the blocks of one of its files. */
export async function readBlocks(device: EspruinoConsole, name: string, bytes: number): Promise<OldFile> {
  const blockBytes = Math.max(BLOCK_BYTES, Math.ceil(bytes / MAX_BLOCKS / WORD_BYTES) * WORD_BYTES);
  const ask =
    `(function(){var d=require("Storage").read(${JSON.stringify(name)}),r=[],i,b;` +
    `for(i=0;i+${blockBytes}<=d.length;i+=${blockBytes}){b=d.substr(i,${blockBytes});r.push([E.sum(b),E.CRC32(b)])}return r})()`;
  const blocks = (await device.evaluateJson(ask, { what: "Comparing the files" })) as OldFile["blocks"];
  return { blockBytes, blocks };
}

/**
 * Finds blocks of the old file in the new one, wherever they stand (as rsync does): a sum that rolls along, and the
 * CRC-32 where the sum is a block's.
 * @returns copies in the order of the new file, joined where they go on
 */
export function findCopies(bytes: Uint8Array, { blockBytes, blocks }: OldFile): Copy[] {
  const bySum = new Map<number, Map<number, number>>();
  blocks.forEach(([sum, crc], index) => {
    const byCrc = bySum.get(sum) ?? new Map<number, number>();
    bySum.set(sum, byCrc.set(crc >>> 0, byCrc.get(crc >>> 0) ?? index));
  });
  const copies: Copy[] = [];
  let at = 0;
  let sum = sumOf(bytes, 0, blockBytes);
  while (at + blockBytes <= bytes.length) {
    const byCrc = bySum.get(sum);
    const index = byCrc?.get(crc32(bytes.subarray(at, at + blockBytes)));
    if (index === undefined) {
      sum += (bytes[at + blockBytes] ?? 0) - bytes[at]!;
      at++;
      continue;
    }
    const last = copies.at(-1);
    const from = index * blockBytes;
    if (last !== undefined && last.at + last.bytes === at && last.from + last.bytes === from)
      copies[copies.length - 1] = { ...last, bytes: last.bytes + blockBytes };
    else copies.push({ at, from, bytes: blockBytes });
    at += blockBytes;
    sum = sumOf(bytes, at, at + blockBytes);
  }
  return copies;
}

/** JavaScript that evaluates to a part of the new file, from the old one in `o` and from literals. */
export function deltaLiteral(bytes: Uint8Array, start: number, end: number, copies: readonly Copy[]): string {
  const parts: string[] = [];
  let at = start;
  const literalTo = (to: number): void => {
    if (to > at) parts.push(byteLiteral(bytes.subarray(at, to)));
    at = Math.max(at, to);
  };
  for (const copy of copies) {
    const from = Math.max(copy.at, start);
    const to = Math.min(copy.at + copy.bytes, end);
    if (from >= to) continue;
    literalTo(from);
    parts.push(`${OLD}.substr(${copy.from + from - copy.at},${to - from})`);
    at = to;
  }
  literalTo(end);
  return parts.join("+");
}

function sumOf(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < Math.min(end, bytes.length); i++) sum += bytes[i]!;
  return sum;
}

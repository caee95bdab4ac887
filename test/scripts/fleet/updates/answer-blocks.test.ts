import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CborReader } from "../../../../lib/core/cbor-reader.js";
import { UPDATE_BLOCK } from "../../../../lib/uplink/topics.js";
import { answerBlocks, envelopePieces } from "../../../../scripts/fleet/updates/answer-blocks.js";
import { MAX_REQUEST_BYTES, UpdatePart } from "../../../../scripts/fleet/messages/update-request.js";

const PIECE = 1024;

/** Pieces of these lengths, each filled with its number. */
const piecesOf = (...lengths: number[]): Uint8Array[] => lengths.map((length, i) => new Uint8Array(length).fill(i + 1));

/** What a block has of one piece. */
interface Block {
  index: number;
  bytes: Uint8Array;
}

function ask(pieces: readonly Uint8Array[], first: number, count: number): Block[] {
  const request = { kind: "update/request", id: 7, sequence: 99, part: UpdatePart.IMAGE, first, count } as const;
  const blocks = [...answerBlocks(request, pieces)].map((payload) => {
    expect(payload.length).toBeLessThanOrEqual(UPDATE_BLOCK.maxBytes);
    const reader = new CborReader(payload, 0, payload.length);
    const items = reader.array();
    expect([1, 2].map(() => reader.unsigned())).toEqual([1, 7]);
    let index = reader.unsigned();
    const block: Block[] = [];
    for (let i = 3; i < items; i++) {
      const length = reader.byteString();
      block.push({ index, bytes: payload.slice(reader.at - length, reader.at) });
      index += PIECE - (index % PIECE);
    }
    expect([reader.failed, reader.at]).toEqual([false, payload.length]);
    expect([1, 2]).toContain(block.length);
    return block;
  });
  // None is sent half empty but the last one.
  expect(blocks.slice(0, -1).every(({ length }) => length === 2)).toBe(true);
  return blocks.flat();
}

const lengths = (blocks: readonly Block[]): number[][] => blocks.map(({ index, bytes }) => [index, bytes.length]);

describe("the answer to a request", () => {
  it("is the one of the protocol's example", () => {
    const blocks = ask(piecesOf(700, 1024, 300), 200, 2872);
    expect(lengths(blocks)).toEqual([
      [200, 500],
      [1024, 1024],
      [2048, 300],
    ]);
    expect(blocks.map(({ bytes }) => bytes[0])).toEqual([1, 2, 3]);
  });

  it("has an empty block for a piece whose end the request begins behind", () => {
    expect(lengths(ask(piecesOf(700, 1024), 700, 400))).toEqual([
      [700, 0],
      [1024, 76],
    ]);
    expect(lengths(ask(piecesOf(700, 1024), 800, 5))).toEqual([[800, 0]]);
  });

  it("is nothing where there is no such address", () => {
    for (const first of [3072, 4000, 0xffffffff]) expect(ask(piecesOf(700, 1024, 300), first, 8192)).toEqual([]);
    expect(ask([], 0, 8192)).toEqual([]);
  });

  it("covers what was asked for once and in order, whatever was asked for", () => {
    const anyPieces = fc.array(fc.integer({ min: 1, max: PIECE }), { minLength: 1, maxLength: 12 });
    const address = fc.nat(13 * PIECE);
    fc.assert(
      fc.property(anyPieces, address, fc.integer({ min: 1, max: MAX_REQUEST_BYTES }), (sizes, first, count) => {
        const pieces = piecesOf(...sizes);
        const wanted: number[][] = [];
        pieces.forEach((piece, i) => {
          if (i * PIECE >= first + count || (i + 1) * PIECE <= first) return;
          const from = Math.max(0, first - i * PIECE);
          wanted.push([i * PIECE + from, Math.max(0, Math.min(piece.length, first + count - i * PIECE) - from)]);
        });
        const blocks = ask(pieces, first, count);
        expect(lengths(blocks)).toEqual(wanted);
        for (const { index, bytes } of blocks)
          expect(bytes.every((byte) => byte === Math.floor(index / PIECE) + 1)).toBe(true);
      }),
      { seed: 610 },
    );
  });

  it("cuts an envelope as it is", () => {
    const envelope = Uint8Array.from({ length: 2600 }, (_, i) => i);
    expect(Buffer.concat(envelopePieces(envelope))).toEqual(Buffer.from(envelope));
    expect(envelopePieces(envelope).map(({ length }) => length)).toEqual([1024, 1024, 552]);
  });
});

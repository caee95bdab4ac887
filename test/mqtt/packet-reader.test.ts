import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { readPackets, Shift, type PacketReader } from "../../lib/mqtt/packet-reader.js";
import { packet, type Packet } from "./packets.js";

function createReader(maxBytes: number): PacketReader {
  return {
    _maxBytes: maxBytes,
    _body: new Uint8Array(0),
    _shift: Shift.FIRST_BYTE,
    _first: 0,
    _remaining: 0,
    _have: 0,
  };
}

const packets = fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 200 })), {
  maxLength: 8,
});

/** Reads pieces and returns what was found and the code that ended it. */
function read(pieces: readonly (readonly number[])[], maxBytes = 200): { found: Packet[]; code: ErrorCode } {
  const found: Packet[] = [];
  const reader = createReader(maxBytes);
  for (const piece of pieces) {
    const code = readPackets(reader, Uint8Array.from(piece), (_reader, first, bytes, size) => {
      found.push({ first, body: [...bytes.subarray(0, size)] });
      return ErrorCode.OK;
    });
    if (code !== ErrorCode.OK) return { found, code };
  }
  return { found, code: ErrorCode.OK };
}

/** Cuts bytes at the given places. */
function cut(bytes: number[], places: readonly number[]): number[][] {
  const edges = [0, ...places.map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, i) => bytes.slice(edges[i], edge));
}

describe("PacketReader", () => {
  it("finds the same packets however the stream is cut", () => {
    fc.assert(
      fc.property(packets, fc.array(fc.integer({ min: 0, max: 1700 }), { maxLength: 40 }), (sent, places) => {
        const stream = sent.flatMap(([first, body]) => packet(first, body));
        const wanted = { found: sent.map(([first, body]) => ({ first, body: [...body] })), code: ErrorCode.OK };
        expect(read(cut(stream, places))).toEqual(wanted);
        expect(read(stream.map((byte) => [byte]))).toEqual(wanted);
      }),
    );
  });

  it("refuses a body longer than its buffer before any of it is taken", () => {
    expect(read([packet(0x30, new Uint8Array(200))], 200).code).toBe(ErrorCode.OK);
    expect(read([[0x30, 201 - 128 + 128, 1]], 200)).toEqual({ found: [], code: ErrorCode.MQTT_PACKET_TOO_BIG });
    expect(read([[0x30, 0xff, 0xff, 0xff, 0x7f]], 200).code).toBe(ErrorCode.MQTT_PACKET_TOO_BIG);
  });

  it("refuses a remaining length of more than four bytes", () => {
    expect(read([[0x30, 0x80, 0x80, 0x80, 0x80, 0]]).code).toBe(ErrorCode.MQTT_MALFORMED_PACKET);
    expect(read([[0x30, 0x80, 0x80, 0x80, 0x00]])).toEqual({ found: [{ first: 0x30, body: [] }], code: ErrorCode.OK });
  });

  it("stops at the packet that the handler does not accept", () => {
    let calls = 0;
    const stop = (): ErrorCode => (++calls === 2 ? ErrorCode.MQTT_PROTOCOL_ERROR : ErrorCode.OK);
    expect(readPackets(createReader(10), Uint8Array.of(1, 0, 2, 0, 3, 0), stop)).toBe(ErrorCode.MQTT_PROTOCOL_ERROR);
    expect(calls).toBe(2);
  });

  it("survives any bytes in any pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (pieces) => {
        read(
          pieces.map((piece) => [...piece]),
          50,
        );
      }),
      { numRuns: 500 },
    );
  });
});

import { Decoder } from "cbor-x";
import { Refusal } from "./refusal.js";
import { assertWellFormed } from "./well-formed.js";

const decoder = new Decoder({ mapsAsObjects: false, useRecords: false, tagUint8Array: false });

/**
 * Decodes one CBOR item of hostile bytes: maps become `Map`, integers beyond 2^53 become bigint.
 * @throws Refusal
 */
export function decodeCbor(bytes: Uint8Array): unknown {
  assertWellFormed(bytes);
  try {
    return decoder.decode(bytes) as unknown;
  } catch (error) {
    throw new Refusal(`not CBOR: ${error instanceof Error ? error.message : String(error)}`);
  }
}

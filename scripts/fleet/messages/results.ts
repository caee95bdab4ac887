import { decodeCbor } from "./decode-cbor.js";
import { uint, versioned } from "./fields.js";
import { type ResultRecord, readPack } from "./senml-pack.js";

/** `results` of docs/protocol.md, with what its SenML pack spreads over base values in each record. */
export interface Results {
  readonly kind: "results";
  readonly incarnation: number;
  readonly epoch: number;
  readonly modelId: number;
  readonly modelVersion: number;
  /** Seconds since the epoch began when the message was first sent: a lower bound of the epoch's age. */
  readonly sentAtSec: number;
  readonly records: readonly ResultRecord[];
}

/** Decodes `results`. @throws Refusal */
export function decodeResults(payload: Uint8Array): Results {
  const items = versioned(decodeCbor(payload), "results", 8);
  const firstSequence = uint(items[2], "first sequence");
  return {
    kind: "results",
    incarnation: uint(items[1], "incarnation"),
    epoch: uint(items[3], "epoch"),
    modelId: uint(items[4], "model id"),
    modelVersion: uint(items[5], "model version"),
    sentAtSec: uint(items[6], "seconds when sent"),
    records: readPack(items[7], firstSequence),
  };
}

import { SenmlLabel } from "../../../lib/uplink/labels.js";
import { decodeCbor } from "./decode-cbor.js";
import { map, versioned } from "./fields.js";
import { readPack } from "./senml-pack.js";

/** JSON names of the CBOR labels: RFC 8428 table 4, and Sertão's own (docs/protocol.md). */
const names: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [SenmlLabel.BASE_NAME, "bn"],
  [SenmlLabel.BASE_TIME, "bt"],
  [SenmlLabel.NAME, "n"],
  [SenmlLabel.VALUE, "v"],
  [SenmlLabel.TIME, "t"],
  [SenmlLabel.BASE_EPOCH_TIME, "sertao_be"],
  [SenmlLabel.EPOCH_TIME, "sertao_e"],
  [SenmlLabel.SEQUENCE_STEP, "sertao_q"],
  [SenmlLabel.PRIORITY, "sertao_p"],
]);

/** One record of a SenML pack in JSON, base values and all. */
export type SenmlJsonRecord = Record<string, string | number>;

/**
 * Translates the pack of a `results` payload to SenML JSON, record by record. A value that JSON cannot hold (NaN, an
 * infinity) is left out, and so is a label that neither RFC 8428 nor the protocol has here.
 * @throws Refusal where the payload is not a valid message
 */
export function senmlJson(payload: Uint8Array): SenmlJsonRecord[] {
  const items = versioned(decodeCbor(payload), "results", 8);
  readPack(items[7], 0);
  return (items[7] as unknown[]).map((item) => translate(map(item, "record")));
}

function translate(record: ReadonlyMap<unknown, unknown>): SenmlJsonRecord {
  const json: SenmlJsonRecord = {};
  for (const [label, value] of record) {
    const name = names.get(label);
    const fits = typeof value === "string" || (typeof value === "number" && Number.isFinite(value));
    if (name !== undefined && fits) json[name] = value;
  }
  return json;
}

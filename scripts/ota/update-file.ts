import { CborReader } from "../../lib/core/cbor-reader.js";
import { CborWriter } from "../../lib/core/cbor-writer.js";
import { updateDamaged } from "../errors/ota.js";

/** What `sertao ota sign` writes: [1, envelope, image]. */
export interface UpdateFile {
  readonly envelope: Uint8Array;
  /** Empty for a change of keys. */
  readonly image: Uint8Array;
}

const VERSION = 1;
const HEADS_BYTES = 20;

/** The bytes of an update file. */
export function encodeUpdateFile({ envelope, image }: UpdateFile): Uint8Array {
  const writer = new CborWriter(new Uint8Array(HEADS_BYTES + envelope.length + image.length));
  writer.array(3);
  writer.number(VERSION);
  writer.byteString(envelope, 0, envelope.length);
  writer.byteString(image, 0, image.length);
  return writer.bytes.slice(0, writer.length);
}

/**
 * Takes an update file apart. What is in it is not verified.
 * @param name of the file, for errors
 * @throws SertaoError OTA_UPDATE_DAMAGED
 */
export function decodeUpdateFile(bytes: Uint8Array, name: string): UpdateFile {
  const reader = new CborReader(bytes, 0, bytes.length);
  const items = reader.array();
  const version = reader.unsigned();
  if (reader.failed || items !== 3) throw updateDamaged(name, "it is something else");
  if (version !== VERSION) throw updateDamaged(name, `version ${version} is unknown`);
  const [envelope, image] = [byteString(reader), byteString(reader)];
  if (reader.failed || reader.at !== bytes.length) throw updateDamaged(name, "it is cut short");
  return { envelope, image };
}

function byteString(reader: CborReader): Uint8Array {
  const length = reader.byteString();
  return reader.bytes.slice(reader.at - length, reader.at);
}

import { createHash } from "node:crypto";

/** An entry of the partition table (ESP-IDF, Partition Tables). */
export interface Partition {
  readonly name: string;
  /** 0 application, 1 data. */
  readonly type: number;
  readonly subtype: number;
  readonly address: number;
  readonly bytes: number;
}

/** Room for the table in the flash. */
export const TABLE_BYTES = 0xc00;

const ENTRY_BYTES = 32;
const ENTRY_MAGIC = 0x50aa;
const MD5_MAGIC = 0xebeb;
const MD5_AT = 16;
const NAME_AT = 12;
const NAME_BYTES = 16;

/** Reads a partition table in its binary form. @returns its entries, or what is wrong with it */
export function readPartitions(table: Uint8Array): Partition[] | string {
  const view = new DataView(table.buffer, table.byteOffset, table.length);
  const partitions: Partition[] = [];
  for (let at = 0; at + ENTRY_BYTES <= Math.min(table.length, TABLE_BYTES); at += ENTRY_BYTES) {
    const entry = table.subarray(at, at + ENTRY_BYTES);
    const magic = view.getUint16(at, true);
    if (entry.every((byte) => byte === 0xff)) return partitions.length > 0 ? partitions : "it is empty";
    if (magic === MD5_MAGIC) {
      const md5 = createHash("md5").update(table.subarray(0, at)).digest();
      if (!md5.equals(entry.subarray(MD5_AT))) return "its MD5 is wrong";
      continue;
    }
    if (magic !== ENTRY_MAGIC) return `entry ${at / ENTRY_BYTES} is none`;
    const name = Buffer.from(entry.subarray(NAME_AT, NAME_AT + NAME_BYTES)).toString("latin1");
    partitions.push({
      name: name.replace(/\0[\s\S]*$/, ""),
      type: entry[2]!,
      subtype: entry[3]!,
      address: view.getUint32(at + 4, true),
      bytes: view.getUint32(at + 8, true),
    });
  }
  return partitions.length > 0 ? partitions : "it is empty";
}

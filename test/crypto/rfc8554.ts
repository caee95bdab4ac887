import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../fixtures/lms/rfc8554.txt", import.meta.url));
const parts = new Map(
  readFileSync(file, "utf8")
    .split("[")
    .slice(1)
    .map((part) => part.split("]") as [string, string])
    .map(([name, hex]) => [name, Buffer.from(hex.replace(/\s/g, ""), "hex")]),
);

/** A part of the test cases of RFC 8554, appendix F. */
export function vector(name: string): Buffer {
  const bytes = parts.get(name);
  if (bytes === undefined) throw new Error(`no vector ${name}`);
  return bytes;
}

const u32 = (value: number): Buffer => Buffer.from([0, 0, 0, value]);

/** A test case as the RFC prints it: public key, message and signature of two levels. */
export function testCase(number: 1 | 2): { publicKey: Buffer; message: Buffer; signature: Buffer } {
  const part = (name: string): Buffer => vector(`case${number}.${name}`);
  return {
    publicKey: Buffer.concat([u32(2), part("public0")]),
    message: part("message"),
    signature: Buffer.concat([u32(1), part("signature0"), part("public1"), part("signature1")]),
  };
}

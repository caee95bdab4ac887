import { createHash } from "node:crypto";

/** A stream of bytes that is the same for the same seed: SHA-256 of seed and counter. */
export function seededBytes(seed: number): (count: number) => Buffer {
  let counter = 0;
  let ready = Buffer.alloc(0);
  return (count) => {
    while (ready.length < count) {
      const block = createHash("sha256").update(`${seed}/${counter++}`).digest();
      ready = Buffer.concat([ready, block]);
    }
    const bytes = ready.subarray(0, count);
    ready = ready.subarray(count);
    return Buffer.from(bytes);
  };
}

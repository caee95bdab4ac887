import { SignedEnvelope } from "../crypto/signed-envelope.js";
import type { Digest } from "../hal/digest.js";
import type { Proof } from "./proof.js";

/** Signatures, with the engine's own SHA-256. A MAC is refused: who reads a device's flash knows its key. */
export function signatureProof(digest: Digest): Proof {
  return { digest, open: (keys, bytes) => new SignedEnvelope(digest, keys, bytes) };
}

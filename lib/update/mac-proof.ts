import { MacEnvelope } from "../crypto/mac-envelope.js";
import { portableDigest } from "../crypto/sha256.js";
import type { Proof } from "./proof.js";

/** A MAC with the device's key, where a signature would take minutes: the engine has no SHA-256. Signatures are refused. */
export function macProof(deviceKey: Uint8Array): Proof {
  const digest = portableDigest();
  return {
    digest,
    open: (_keys, bytes) => {
      const envelope = new MacEnvelope(bytes);
      return {
        payloadAt: envelope.payloadAt,
        payloadEnd: envelope.payloadEnd,
        signer: -1,
        step: () => envelope.verify(digest, deviceKey),
      };
    },
  };
}

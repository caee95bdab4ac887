import { platform } from "sertao:platform";
import { signatureProof } from "../../lib/update/signature-proof.js";

/** `sertao:proof` of a board whose firmware has SHA-256. */
export const proof = signatureProof(platform.digest!);

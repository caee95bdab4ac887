import { macProof } from "../../lib/update/mac-proof.js";

/** `sertao:proof` of a board whose firmware has no SHA-256. */
export const proof = macProof();

import { platform } from "sertao:platform";
import { PROVISIONING_FILE, readProvisioning } from "../../lib/app/provisioning.js";
import { macProof } from "../../lib/update/mac-proof.js";

/** `sertao:proof` of a board whose firmware has no SHA-256. */
export const proof = macProof(readProvisioning(platform.files.read(PROVISIONING_FILE)).key);

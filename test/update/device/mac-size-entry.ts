import { MacEnvelope } from "../../../lib/crypto/mac-envelope.js";
import { portableDigest } from "../../../lib/crypto/sha256.js";

declare function keep(...values: unknown[]): void;

keep(MacEnvelope, portableDigest);

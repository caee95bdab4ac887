import { SignedEnvelope } from "../../../lib/crypto/signed-envelope.js";
import { readManifest } from "../../../lib/update/manifest.js";
import { isBlock, unpackPiece } from "../../../lib/update/pieces.js";
import { refusalOf } from "../../../lib/update/refusal.js";
import { changeKey } from "../../../lib/update/trusted-keys.js";

declare function keep(...values: unknown[]): void;

keep(SignedEnvelope, readManifest, refusalOf, changeKey, unpackPiece, isBlock);

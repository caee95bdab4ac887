// Runs on the engines: what the host made, verified and unpacked with no SHA-256 of the engine's own. Prints lines that
// begin with "#".
import { hmac } from "../../../lib/crypto/hmac.js";
import { MacEnvelope } from "../../../lib/crypto/mac-envelope.js";
import { portableDigest, Sha256 } from "../../../lib/crypto/sha256.js";
import { decodeHeatshrink } from "../../../lib/update/heatshrink.js";
import { Field, readManifest } from "../../../lib/update/manifest.js";
import { isBlock, unpackPiece } from "../../../lib/update/pieces.js";

/** Hexadecimal texts: mac key and data, device key, envelope, piece of the image. */
declare const given: { macKey: string; macData: string; deviceKey: string; envelope: string; piece: string };
declare const print: ((line: string) => void) | undefined;
declare const console: { log(line: string): void };

function say(line: string): void {
  if (typeof print === "function") print("#" + line);
  else console.log("#" + line);
}

function hex(bytes: Uint8Array): string {
  const digits = "0123456789abcdef";
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += digits.charAt(bytes[i]! >> 4) + digits.charAt(bytes[i]! & 15);
  return text;
}

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.charAt(2 * i) + text.charAt(2 * i + 1), 16);
  return bytes;
}

const digest = portableDigest();

// Lengths around the ends of blocks.
const lengths = [0, 3, 55, 56, 63, 64, 65, 119, 120, 200];
for (let i = 0; i < lengths.length; i++) {
  const bytes = new Uint8Array(lengths[i]!);
  for (let j = 0; j < bytes.length; j++) bytes[j] = (j * 7 + 97) & 255;
  say(bytes.length + " " + hex(digest.sha256(bytes)));
}

const hash = new Sha256();
const parts = bytesOf(given.macData);
hash.update(parts, 0, 5);
hash.update(parts, 5, parts.length);
say("parts " + hex(hash.finish()));
say("hmac " + hex(hmac(digest, bytesOf(given.macKey), parts, 0, parts.length)));

const envelope = bytesOf(given.envelope);
const key = bytesOf(given.deviceKey);
const opened = new MacEnvelope(envelope);
say("verified " + opened.verify(digest, key));
key[31]! ^= 1;
say("other key " + new MacEnvelope(envelope).verify(digest, key));

const manifest = readManifest(envelope, opened.payloadAt, opened.payloadEnd);
if (typeof manifest === "number") say("refused " + manifest);
else {
  say(manifest[Field.APPLICATION] + " " + manifest[Field.SEQUENCE] + " " + manifest[Field.IMAGE_BYTES]);
  const packed = bytesOf(given.piece);
  const piece = new Uint8Array(manifest[Field.IMAGE_BYTES]);
  say("unpacked " + unpackPiece(manifest, packed, 0, packed.length, piece));
  say("block " + isBlock(manifest, digest, 0, piece));
  packed[9]! ^= 64;
  say("damaged " + (decodeHeatshrink(packed, 0, packed.length, piece) && isBlock(manifest, digest, 0, piece)));
}
say("end");

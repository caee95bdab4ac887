/**
 * What signed updates cost: on Espruino to verify, unpack and authenticate, on this machine to make a key and to sign.
 * Run: npm run bench:ota
 */
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";

type Espruino = typeof import("./ota/espruino.js");
type Boards = typeof import("../boards/index.js");
type BuildApp = typeof import("../scripts/bundle/build-app.js");
type Envelope = typeof import("../scripts/ota/envelope.js");
type FindCommand = typeof import("../scripts/engine/find-command.js");
type Hss = typeof import("../scripts/ota/lms/hss.js");
type Image = typeof import("../scripts/ota/image.js");
type ManifestModule = typeof import("../scripts/ota/manifest.js");
type Parameters = typeof import("../scripts/ota/lms/parameters.js");
type PrivateKey = typeof import("../scripts/ota/lms/private-key.js");
type Tree = typeof import("../scripts/ota/lms/tree.js");

const dist = (path: string): string => new URL(`../dist/${path}`, import.meta.url).href;
// Node runs this file without compiling it, and looks for a name that exists.
const { fastestOnEspruino } = (await import(new URL("ota/espruino.ts", import.meta.url).href)) as Espruino;
const { findBoard } = (await import(dist("boards/index.js"))) as Boards;
const { buildApp } = (await import(dist("scripts/bundle/build-app.js"))) as BuildApp;
const { findCommand } = (await import(dist("scripts/engine/find-command.js"))) as FindCommand;
const { macEnvelope, openEnvelope, signedEnvelope, toBeSigned } = (await import(
  dist("scripts/ota/envelope.js")
)) as Envelope;
const { describeImage, packPieces } = (await import(dist("scripts/ota/image.js"))) as Image;
const { hssPublicKey, hssSignature } = (await import(dist("scripts/ota/lms/hss.js"))) as Hss;
const { UPDATE_PARAMETERS } = (await import(dist("scripts/ota/lms/parameters.js"))) as Parameters;
const { LmsPrivateKey } = (await import(dist("scripts/ota/lms/private-key.js"))) as PrivateKey;
const { makeLeaves } = (await import(dist("scripts/ota/lms/tree.js"))) as Tree;
const { encodeManifest } = (await import(dist("scripts/ota/manifest.js"))) as ManifestModule;

const SIGNATURES = 50;
const RUNS = 5;

/** Milliseconds that work takes, and its result. */
function timed<Result>(work: () => Result): [number, Result] {
  const began = performance.now();
  const result = work();
  return [performance.now() - began, result];
}

const app = async (name: string, board: string): Promise<string> =>
  (await buildApp(fileURLToPath(new URL(`../test/fixtures/bundle/${name}`, import.meta.url)), findBoard(board)!)).code;

const identifier = randomBytes(16);
const seed = randomBytes(32);
const [keyMs, leaves] = timed(() => makeLeaves(UPDATE_PARAMETERS, identifier, seed));
const key = new LmsPrivateKey(UPDATE_PARAMETERS, identifier, seed, leaves);
const publicKey = hssPublicKey(key.publicKey());
// 20 KB of script, as a bundle would be.
const script = (await app("update", "esp32")).repeat(5).slice(0, 20480);
const image = Buffer.from(script, "latin1");
const payload = encodeManifest({
  kind: "model",
  sequence: 1785542400,
  application: "orchard-frost",
  boards: ["esp32", "esp32c3"],
  runtime: "0.1.0",
  image: describeImage(image, "heatshrink"),
  model: { arenaBytes: 600, operators: [1, 4], inputBytes: 4, outputBytes: 1, goldens: 2 },
});
const message = toBeSigned(publicKey, payload);
const [signMs, envelopes] = timed(() =>
  Array.from({ length: SIGNATURES }, (_, leaf) => {
    const randomizer = key.chooseRandomizer(leaf, message, randomBytes);
    return signedEnvelope(publicKey, payload, hssSignature(key.sign(leaf, message, randomizer)));
  }),
);
const hashes = envelopes.map((envelope) => openEnvelope(envelope, [publicKey])!.hashes).sort((a, b) => a - b);
const pieces = packPieces(image, "heatshrink");
const packedBytes = pieces.reduce((sum, { length }) => sum + length, 0);

console.log(`key of ${leaves.length / 32} signatures: ${(keyMs / 1000).toFixed(1)} s`);
console.log(`signature: ${Math.round(signMs / SIGNATURES)} ms`);
console.log(
  `hashes to verify, ${SIGNATURES} signatures: ${hashes[0]} to ${hashes.at(-1)}, median ${hashes[SIGNATURES >> 1]}`,
);
console.log(`image of ${image.length} bytes: manifest ${payload.length}, envelope ${envelopes[0]!.length} bytes`);
console.log(`compressed, piece by piece: ${packedBytes} bytes`);

const deviceKey = randomBytes(32);
const [signed, authenticated] = [await app("update", "esp32"), await app("update-mac", "esp8266-4mb")];
for (const engine of ["espruino", "espruino-field"]) {
  const command = findCommand(engine);
  if (command === undefined) continue;
  const [envelope] = envelopes;
  const own = await fastestOnEspruino(command, signed, RUNS, {
    "working.pub": publicKey,
    "spare.pub": publicKey,
    envelope: envelope!,
    operators: Uint8Array.of(1, 4),
    piece: pieces[0]!,
  });
  const portable = await fastestOnEspruino(command, authenticated, RUNS, {
    envelope: macEnvelope(deviceKey, payload),
    key: deviceKey,
  });
  console.log(
    `${engine}, fastest of ${RUNS}: signature of ${openEnvelope(envelope!, [publicKey])!.hashes} hashes ` +
      `${own["verify"]} ms, piece unpacked ${own["unpack"]} ms; ` +
      `without its own SHA-256: MAC ${portable["verify"]} ms, each 64 bytes ${portable["block"]} ms`,
  );
}

import fc from "fast-check";
import { expect, it } from "vitest";
import { UpdateKind } from "../../lib/update/manifest.js";
import { UpdateState } from "../../lib/update/update-state.js";
import { flipped, cutShort } from "../../scripts/fuzz/damage.js";
import { SeededRandom } from "../../scripts/readings/seeded-random.js";
import { BlockSource } from "../../scripts/simulate/update/block-source.js";
import { FetchingDevice } from "../../scripts/simulate/update/fetching-device.js";
import { installedFlash } from "../../scripts/simulate/update/installed-flash.js";
import { image, modelUpdate, publicKey, signUpdate } from "./signed-update.js";

const SEED = 20261125;
const good = signUpdate(800, modelUpdate);
const chip = installedFlash({
  keys: [publicKey],
  application: Buffer.from("application"),
  model: Buffer.from("model"),
  slotBytes: 24_576,
});
const installed = chip.snapshot();

const goodOffer = new BlockSource().publish({ envelope: good, image });

/** Fetches an update whose messages `damage` changes, and says what came of it. */
function fetched(damage: (message: Uint8Array) => Uint8Array): number[] {
  chip.restore(installed);
  const source = new BlockSource();
  const device = new FetchingDevice(chip);
  const offer = damage(source.publish({ envelope: good, image }));
  if (device.offer(offer)) device.run((request) => source.answer(request).map(damage), 120);
  const { slots, files } = new FetchingDevice(chip);
  const active = slots.activeFile(UpdateKind.MODEL);
  const bytes = Buffer.from(files.read(active)!);
  // What is active is what came over the cable, or the update, every byte of it.
  expect(
    active === "model.a" ? bytes.subarray(0, 5).toString() : bytes.subarray(0, image.length).equals(image),
  ).toEqual(active === "model.a" ? "model" : true);
  return device.states.map(([, state]) => state);
}

it(`whatever becomes of its messages, nothing is active that was not verified (seed ${SEED})`, () => {
  let staged = 0;
  let refused = 0;
  for (let k = 0; k < 80; k++) {
    const random = new SeededRandom(SEED + k);
    const rarely = 1 + random.below(12);
    const states = fetched((message) => {
      if (random.below(rarely * 3) > 0) return message;
      return random.below(3) === 0 ? cutShort(random, message) : flipped(random, message);
    });
    staged += +states.includes(UpdateState.STAGED);
    refused += +states.includes(UpdateState.REFUSED);
  }
  expect(staged).toBeGreaterThan(5);
  expect(refused).toBeGreaterThan(5);
});

it(`takes any bytes for an offer or a block (seed ${SEED})`, () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1200 }), fc.uint8Array({ maxLength: 128 }), (block, offer) => {
      chip.restore(installed);
      const device = new FetchingDevice(chip);
      device.offer(offer);
      device.offer(goodOffer);
      device.agent!.heard(block, 0, block.length);
      device.clock.settle();
      expect(device.states).toEqual([]);
    }),
    { seed: SEED, numRuns: 60 },
  );
});

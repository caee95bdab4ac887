import { expect } from "vitest";
import { UpdateKind } from "../../lib/update/manifest.js";
import { UpdateState } from "../../lib/update/update-state.js";
import { encodeUpdateBlock } from "../../scripts/fleet/messages/update-block.js";
import { hssPublicKey } from "../../scripts/ota/lms/hss.js";
import type { UpdateManifest } from "../../scripts/ota/update-manifest.js";
import type { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { BlockSource } from "../../scripts/simulate/update/block-source.js";
import { FetchingDevice, ORCHARD_TRAITS, type FetchingTraits } from "../../scripts/simulate/update/fetching-device.js";
import { installedFlash, type Installation } from "../../scripts/simulate/update/installed-flash.js";
import { image, modelUpdate, publicKey, signUpdate } from "./signed-update.js";

export const { FETCHING, STAGED, CONFIRMED, REFUSED } = {
  FETCHING: UpdateState.FETCHING,
  STAGED: UpdateState.STAGED,
  CONFIRMED: UpdateState.CONFIRMED,
  REFUSED: UpdateState.REFUSED,
};
export const SEQUENCE = modelUpdate.sequence;
export const BYTES = image.length;
export const otherKey = hssPublicKey(Buffer.concat([publicKey.subarray(4, 12), Buffer.alloc(48, 1)]));
export const deviceKey = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
export const installation = {
  keys: [otherKey, publicKey],
  application: Buffer.from("application"),
  model: Buffer.from("model"),
  slotBytes: 24576,
};
export const good = signUpdate(1, modelUpdate);

let leaf = 2;
/** Signs with a leaf that was not used yet. */
export const signedBy = (manifest: UpdateManifest): Uint8Array => signUpdate(leaf++, manifest);
export const signed = (changes: Partial<UpdateManifest>): Uint8Array => signedBy({ ...modelUpdate, ...changes });

export let flash: SimulatedFlash;
export let source: BlockSource;

/** Another device, as the host has installed it, and another collector: to be called before each test. */
export function install(changes: Partial<Installation> = {}): void {
  flash = installedFlash({ ...installation, ...changes });
  source = new BlockSource();
}

export const boot = (traits: Partial<FetchingTraits> = {}): FetchingDevice =>
  new FetchingDevice(flash, { ...ORCHARD_TRAITS, ...traits });
export const answer = (request: Uint8Array): Uint8Array[] => source.answer(request);
export const ended = (device: FetchingDevice): unknown => device.states.at(-1)!.slice(1, 3);

/** Offers an update and lets it be fetched. */
export function fetched(envelope: Uint8Array, device = boot(), bytes: Uint8Array = image): FetchingDevice {
  expect(device.offer(source.publish({ envelope, image: bytes }))).toBe(true);
  device.run(answer);
  return device;
}

/** What is active is what came over the cable. */
export function expectUntouched(): void {
  const { slots, files } = boot();
  expect([slots.activeFile(UpdateKind.MODEL), slots.activeFile(UpdateKind.APPLICATION)]).toEqual(["model.a", "app.a"]);
  expect(Buffer.from(files.read("model.a")!, 0, 5).toString()).toBe("model");
  expect(slots.accepted()).toBe(0);
}

/** Answers with another envelope than the one published; the image is that one's. */
export function serve(device: FetchingDevice, envelope: Uint8Array): void {
  source.publish({ envelope: good, image });
  device.run((request) => {
    const blocks = source.answer(request);
    const { id, part, first, count } = source.requests.at(-1)!;
    if (part === 1) return blocks;
    const list: Uint8Array[] = [];
    for (let at = first; at < first + count; at += 1024)
      list.push(encodeUpdateBlock(id, at, [envelope.slice(at, Math.min(at + 1024, first + count))]));
    return list;
  });
}

export function changed(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at]! ^= 1;
  return copy;
}

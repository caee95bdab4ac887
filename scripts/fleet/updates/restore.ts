import { updateUnknown } from "../../errors/rollout.js";
import { usage } from "../../errors/usage.js";
import { openEnvelope } from "../../ota/envelope.js";
import { decodeManifest } from "../../ota/manifest.js";
import type { Order } from "../../ota/sign-files.js";
import type { UpdateManifest } from "../../ota/update-manifest.js";
import type { StoredUpdate, UpdateStore } from "../store/update-store.js";

/**
 * What to sign to go back to an earlier published update: the same image and manifest, but for the sequence. A pair that
 * became active together goes back together.
 * @param output where the new update goes, by the sequence of the old one
 * @throws SertaoError OTA_UPDATE_UNKNOWN, USAGE
 */
export async function ordersToRestore(
  store: UpdateStore,
  sequence: number,
  output: (sequence: number) => string,
): Promise<Order[]> {
  const update = await published(store, sequence);
  const pair = update.companion === 0 ? [update] : [update, await published(store, update.companion)];
  return pair.toSorted((a, b) => a.sequence - b.sequence).map((each) => orderOf(each, output(each.sequence)));
}

/** Greatest index of a signing key among the published updates, -1 where there is none: it must not be used again. */
export async function highestPublished(store: UpdateStore, keyId: string): Promise<number> {
  const opened = (await store.updates()).map(({ envelope }) => openEnvelope(envelope, []));
  return Math.max(-1, ...opened.flatMap((each) => (each && hex(each.keyId) === keyId ? [each.index] : [])));
}

/** What the manifest of a published update says. */
export function publishedManifest({ envelope }: Pick<StoredUpdate, "envelope">): UpdateManifest | undefined {
  const payload = openEnvelope(envelope, [])?.payload;
  const manifest = payload && decodeManifest(payload);
  return typeof manifest === "number" ? undefined : manifest;
}

async function published(store: UpdateStore, sequence: number): Promise<StoredUpdate> {
  const update = await store.update(sequence);
  if (update === undefined) throw updateUnknown(sequence);
  return update;
}

function orderOf(update: StoredUpdate, output: string): Order {
  const manifest = publishedManifest(update);
  if (manifest === undefined) throw updateUnknown(update.sequence);
  if (manifest.kind === "key") throw usage(`${update.sequence} changes a key, and has no image to go back to.`);
  const { sequence: _sequence, image, companion: _companion, ...rest } = manifest;
  return { manifest: rest, image: update.image, compress: image?.compression === "heatshrink", output };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

import { ErrorCode } from "../../../lib/core/error-code.js";
import { Field, type Manifest, readManifest } from "../../../lib/update/manifest.js";
import { deviceError } from "../../errors/device.js";
import { signatureInvalid, updateDamaged } from "../../errors/ota.js";
import { devicesRefuse } from "../../errors/rollout.js";
import { usage } from "../../errors/usage.js";
import { decodeUpdateFile } from "../../ota/update-file.js";
import type { UpdateManifest } from "../../ota/update-manifest.js";
import { verifiedUpdate } from "../../ota/verified-update.js";
import { byDevice } from "../store/by-device.js";
import type { Store } from "../store/store.js";
import type { DeviceUpdate, PublishedUpdate } from "../store/update-store.js";
import { judgeDevice } from "./judge-device.js";
import type { ChosenDevices } from "./select-devices.js";

/** A signed update that was verified and may be published. */
export interface VerifiedUpdate {
  readonly update: PublishedUpdate;
  readonly manifest: UpdateManifest;
  /** As devices read it. */
  readonly read: Manifest;
  /** Place among the keys of the one that signed it, and the leaf it used. */
  readonly signer: number;
  readonly index: number;
}

/** A device that an update is not for. */
export interface LeftOut {
  readonly device: string;
  readonly sequence: number;
  readonly code: ErrorCode;
}

/** What became of a publication. */
export interface Publication {
  readonly published: readonly string[];
  /** Devices that had it already. */
  readonly known: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Opens an update file whose signature one of the keys has made.
 * @throws SertaoError OTA_UPDATE_DAMAGED, OTA_SIGNATURE_INVALID, USAGE
 */
export function openForPublishing(bytes: Uint8Array, file: string, keys: readonly Uint8Array[]): VerifiedUpdate {
  const verified = verifiedUpdate(bytes, keys);
  if (typeof verified === "string") throw updateDamaged(file, verified);
  const { opened, manifest } = verified;
  if (opened.proof === "mac")
    throw usage(`${file} has a MAC for one device: publish the signed update, and the collector makes the MACs.`);
  if (opened.signer < 0) throw signatureInvalid(file);
  const read = readManifest(opened.payload, 0, opened.payload.length) as Manifest;
  const { envelope, image } = decodeUpdateFile(bytes, file);
  const { sequence, kind, key, companion = 0 } = manifest;
  const update = { sequence, kind, keySlot: key?.slot ?? "", companion, envelope, image };
  return { update, manifest, read, signer: opened.signer, index: opened.index };
}

/**
 * Publishes updates to the devices that would take them. One that was named and would not is an error, and nothing is
 * published then.
 * @throws SertaoError OTA_DEVICES_REFUSE, OTA_SEQUENCE_TAKEN, OTA_SEQUENCE_OLD
 */
export async function publish(
  store: Store,
  updates: readonly VerifiedUpdate[],
  chosen: ChosenDevices,
  now: number,
): Promise<Publication> {
  const manifests = updates.map(({ read }) => read);
  const sequences = updates.map(({ update }) => update.sequence);
  const { able, leftOut } = await judgeDevices(store, manifests, sequences, chosen);
  const updatesToKeep = updates.map(({ update }) => update);
  const outcome = await store.updates.publish(updatesToKeep, able, now);
  return { ...outcome, leftOut };
}

/**
 * Parts devices into those that would take updates and those that would not.
 * @param sequences of the manifests, in their order
 * @throws SertaoError OTA_DEVICES_REFUSE where a named one would not, or none would
 */
export async function judgeDevices(
  store: Store,
  manifests: readonly Manifest[],
  sequences: readonly number[],
  { rows, named }: ChosenDevices,
): Promise<{ able: string[]; leftOut: LeftOut[] }> {
  const greatest = await store.updates.greatestSequences(sequences);
  const held = byDevice(await store.updates.ofDevices());
  const leftOut: LeftOut[] = [];
  const able: string[] = [];
  for (const facts of rows) {
    const own = held.get(facts.device) ?? [];
    const refusals = manifests.flatMap((manifest, i): LeftOut[] => {
      const sequence = sequences[i]!;
      if (own.some((update) => update.sequence === sequence && isSettled(update))) return [];
      const companion = manifests[sequences.indexOf(manifest[Field.COMPANION])];
      const code = judgeDevice(manifest, facts, greatest.get(facts.device) ?? 0, companion);
      return code === ErrorCode.OK ? [] : [{ device: facts.device, sequence, code }];
    });
    if (refusals.length === 0) able.push(facts.device);
    else leftOut.push(refusals[0]!);
  }
  const refused = leftOut.find(({ device }) => named.has(device));
  if (refused !== undefined) throw devicesRefuse(leftOutText(refused));
  if (able.length === 0) throw devicesRefuse(leftOut.map(leftOutText).slice(0, 3).join("; "));
  return { able, leftOut };
}

/** "dev1 would refuse it with UPDATE_WRONG_BOARD (607): an update is for other boards". */
export function leftOutText({ device, sequence, code }: LeftOut): string {
  const known = deviceError(code);
  const cause = known === undefined ? "" : `: ${known.cause.replace(/\.$/, "")}`;
  return `${device} would refuse ${sequence} with ${known?.name ?? "error"} (${code})${cause}`;
}

/** True for an update that the device was offered and that was not taken back. */
function isSettled({ phase }: DeviceUpdate): boolean {
  return phase !== "withdrawn" && phase !== "superseded";
}

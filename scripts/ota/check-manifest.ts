import { boards, findBoard } from "../../boards/index.js";
import { isDeviceId } from "../../lib/uplink/topics.js";
import { manifestInvalid } from "../errors/ota.js";
import { isDeviceKey } from "./lms/hss.js";
import type { UpdateManifest } from "./update-manifest.js";
import { versionNumber } from "./version-number.js";

const APPLICATION = /^[a-z0-9][a-z0-9-]{0,31}$/;
const LABEL = /^[\x20-\x7e]{0,64}$/;
const MAX_U32 = 0xffffffff;

type Check = readonly [right: boolean, problem: string];

/**
 * Refuses a manifest that contradicts itself or the rules of docs/updates.md.
 * @throws SertaoError OTA_MANIFEST_INVALID
 */
export function checkManifest(manifest: UpdateManifest): void {
  const checks = [...common(manifest), ...(manifest.kind === "key" ? ofKey(manifest) : ofImage(manifest))];
  for (const [right, problem] of checks) if (!right) throw manifestInvalid(problem);
}

function common({ sequence, device, label, companion }: UpdateManifest): Check[] {
  return [
    [isCount(sequence) && sequence > 0, `the sequence ${sequence} is not between 1 and ${MAX_U32}`],
    [device === undefined || isDeviceId(device), `"${device}" is no device id`],
    [label === undefined || LABEL.test(label), "the label is not ASCII of at most 64 characters"],
    [companion === undefined || (isCount(companion) && companion > 0), "the companion is no sequence"],
    [companion !== sequence, "an update cannot be its own companion"],
  ];
}

function ofKey({ key, image, model, trial, companion, boards }: UpdateManifest): Check[] {
  const newKey = key?.newKey;
  return [
    [key !== undefined, "no key slot is named"],
    [newKey === undefined || isDeviceKey(newKey), "the new key is no HSS/LMS public key of one level"],
    [
      [image, model, trial, companion, boards].every((part) => part === undefined),
      "a change of keys has nothing but a slot, a device and a new key",
    ],
  ];
}

function ofImage(manifest: UpdateManifest): Check[] {
  const { kind, application, boards: named, runtime, image, model, trial, key, companion } = manifest;
  const unknown = named?.find((id) => findBoard(id) === undefined);
  const numbers = Object.values(trial ?? {}) as number[];
  return [
    [application !== undefined && APPLICATION.test(application), `"${application}" is no name of an application`],
    [unknown === undefined, `there is no board "${unknown}"; there are ${boards.map(({ id }) => id).join(", ")}`],
    [runtime === undefined || versionNumber(runtime) !== undefined, `"${runtime}" is no version like 0.1.0`],
    [image !== undefined && image.bytes > 0, "there is no image"],
    [kind !== "model" || model !== undefined, "it does not say what the model needs"],
    [kind !== "config" || (model ?? trial ?? companion) === undefined, "a configuration has no model and no trial"],
    [model === undefined || (model.outputBytes > 0 && model.inputBytes > 0), "the model has no input or output"],
    [model === undefined || [model.arenaBytes, model.goldens].every(isCount), "arena or goldens are no counts"],
    [numbers.every(isCount), "a bound of the trial is not a count"],
    [key === undefined, "only an update of kind key names a key slot"],
  ];
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= MAX_U32;
}

import fc from "fast-check";
import { boards } from "../../boards/index.js";
import { describeImage } from "../../scripts/ota/image.js";
import type { UpdateManifest } from "../../scripts/ota/update-manifest.js";

const u32 = fc.integer({ min: 1, max: 0xffffffff });
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const image = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 5000 }), fc.constantFrom("none" as const, "heatshrink" as const))
  .map(([bytes, compression]) => describeImage(bytes, compression));
const model = fc.record({
  arenaBytes: u32,
  operators: fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { maxLength: 12 }),
  inputBytes: u32,
  outputBytes: u32,
  goldens: fc.integer({ min: 1, max: 9 }),
});
const trial = fc.record(
  { inferences: u32, crashes: u32, freeBytes: u32, inferenceMs: u32 },
  { requiredKeys: ["crashes"] },
);
const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,31}$/);
const common = {
  sequence: u32,
  application: name,
  boards: optional(
    fc.subarray(
      boards.map(({ id }) => id),
      { minLength: 1 },
    ),
  ),
  device: optional(fc.stringMatching(/^[a-z0-9]{1,23}$/)),
  runtime: optional(
    fc.tuple(fc.nat(300), fc.nat(255), fc.integer({ min: 1, max: 255 })).map((parts) => parts.join(".")),
  ),
  label: optional(fc.stringMatching(/^[ -~]{1,64}$/)),
  image,
};
const hssKey = fc
  .uint8Array({ minLength: 48, maxLength: 48 })
  .map((bytes) => Uint8Array.from([0, 0, 0, 1, 0, 0, 0, 6, 0, 0, 0, 3, ...bytes]));

/** Any manifest that may be signed. */
export const anyManifest: fc.Arbitrary<UpdateManifest> = fc
  .oneof(
    fc.record({ ...common, kind: fc.constant("model" as const), model, trial: optional(trial) }),
    fc.record({
      ...common,
      kind: fc.constant("application" as const),
      model: optional(model.map((needs) => ({ ...needs, arenaBytes: 0, goldens: 0 }))),
      trial: optional(trial),
    }),
    fc.record({ ...common, kind: fc.constant("config" as const) }),
    fc.record({
      kind: fc.constant("key" as const),
      sequence: u32,
      device: common.device,
      key: fc.record(
        { slot: fc.constantFrom("working" as const, "spare" as const), newKey: hssKey },
        { requiredKeys: ["slot"] },
      ),
    }),
  )
  .map((manifest) => Object.fromEntries(Object.entries(manifest).filter(([, value]) => value !== undefined)) as never);

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OverflowPolicy } from "../../lib/outbox/outbox.js";
import { explore } from "../../scripts/simulate/powercut/explore.js";
import type { OutboxStep } from "../../scripts/simulate/powercut/outbox-model.js";
import { outboxSubject } from "../../scripts/simulate/powercut/outbox-subject.js";
import type { SettingsStep } from "../../scripts/simulate/powercut/settings-model.js";
import { settingsSubject } from "../../scripts/simulate/powercut/settings-subject.js";

const priority = fc.constantFrom(0, 1);

const outboxStep: fc.Arbitrary<OutboxStep> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("append" as const), priority, length: fc.integer({ min: 1, max: 120 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("acknowledge" as const),
      priority,
      count: fc.integer({ min: 1, max: 25 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "reboot" as const }) },
);

const settingsStep: fc.Arbitrary<SettingsStep> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant("set" as const),
      key: fc.integer({ min: 1, max: 12 }),
      value: fc.uint8Array({ maxLength: 30 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "reboot" as const }) },
);

const policy = fc.constantFrom(OverflowPolicy.DROP_OLDEST, OverflowPolicy.REJECT_NEW);

describe("random scenarios under power cuts", () => {
  it("keep the promises of the outbox", () => {
    fc.assert(
      fc.property(
        fc.array(outboxStep, { minLength: 20, maxLength: 120 }),
        policy,
        policy,
        fc.integer({ min: 2, max: 4 }),
        (steps, normalPolicy, alarmPolicy, normalPages) => {
          const scenario = {
            name: "random",
            pageBytes: 512,
            normalPages,
            normalPolicy,
            alarmPolicy,
            steps,
          };
          const options = { variety: 1, firstEvery: 31, secondEvery: 17, stopAtFirst: true };
          expect(explore(outboxSubject(scenario), options).violations).toEqual([]);
        },
      ),
      { numRuns: 60, seed: 20261123 },
    );
  });

  it("keep what was set", () => {
    fc.assert(
      fc.property(fc.array(settingsStep, { minLength: 10, maxLength: 100 }), (steps) => {
        const options = { variety: 1, firstEvery: 29, secondEvery: 13, stopAtFirst: true };
        expect(explore(settingsSubject({ name: "random", pageBytes: 768, steps }), options).violations).toEqual([]);
      }),
      { numRuns: 60, seed: 20261123 },
    );
  });
});

import { FlashPages } from "../../../lib/flash/flash-pages.js";
import type { FlashRegion } from "../../../lib/hal/flash-region.js";
import type { FlashOutboxOptions } from "../../../lib/outbox/flash-outbox.js";
import { FlashOutbox } from "../../../lib/outbox/flash-outbox.js";
import type { Outbox } from "../../../lib/outbox/outbox.js";
import { OverflowPolicy, Priority } from "../../../lib/outbox/outbox.js";
import { FlashSettings } from "../../../lib/settings/flash-settings.js";
import { SeededRandom } from "../../readings/seeded-random.js";
import { ESP32_FLASH } from "../flash/simulated-flash.js";
import type { OutboxStep } from "./outbox-model.js";
import { OUTBOX_AFTERMATH, OutboxModel } from "./outbox-model.js";
import type { Subject } from "./subject.js";

export interface OutboxScenario {
  readonly name: string;
  readonly pageBytes: number;
  readonly normalPages: number;
  readonly normalPolicy: OverflowPolicy;
  readonly alarmPolicy: OverflowPolicy;
  readonly steps: readonly OutboxStep[];
}

/** Makes the outbox under test: tests hand in broken ones. */
export type OutboxFactory = (region: FlashRegion, options: FlashOutboxOptions) => Outbox;

/** Opens an outbox as an application does: beside the settings, which know what is delivered. */
export function openOutbox(region: FlashRegion, options: FlashOutboxOptions): FlashOutbox {
  const pages = new FlashPages(region);
  return new FlashOutbox(pages, new FlashSettings(pages), options);
}

const INCARNATION = 0x5e27a0;

/** An outbox and a scenario, to be explored. */
export function outboxSubject(scenario: OutboxScenario, make: OutboxFactory = openOutbox): Subject<Outbox> {
  const pageCount = 2 + scenario.normalPages + 2;
  const pages = Array.from({ length: pageCount }, (_, i) => i);
  return {
    name: scenario.name,
    flash: { ...ESP32_FLASH, pageBytes: scenario.pageBytes, pageCount },
    steps: scenario.steps.length,
    aftermathSteps: OUTBOX_AFTERMATH,
    open: (flash) =>
      make(flash, {
        freshIncarnation: INCARNATION,
        normalPolicy: scenario.normalPolicy,
        alarmPolicy: scenario.alarmPolicy,
      }),
    model: () =>
      new OutboxModel({
        steps: scenario.steps,
        policies: [scenario.normalPolicy, scenario.alarmPolicy],
        rings: [pages.slice(2, -2), pages.slice(-2)],
        incarnation: INCARNATION,
      }),
  };
}

/**
 * Random steps that fill, wrap and drain both rings: outages, recoveries, reboots. The same for the same seed.
 * @param outageSteps mean length of an outage
 */
export function randomOutboxSteps(seed: number, count: number, outageSteps: number): OutboxStep[] {
  const random = new SeededRandom(seed);
  const steps: OutboxStep[] = [];
  let online = true;
  while (steps.length < count) {
    if (random.below(online ? 40 : outageSteps) === 0) online = !online;
    const what = random.below(100);
    const priority = random.below(6) === 0 ? Priority.ALARM : Priority.NORMAL;
    if (what < 2) steps.push({ kind: "reboot" });
    else if (what < 35 && online) steps.push({ kind: "acknowledge", priority, count: 1 + random.below(12) });
    else
      steps.push({
        kind: "append",
        priority,
        length: random.below(8) === 0 ? 1 + random.below(60) : 14 + random.below(3),
      });
  }
  return steps;
}

const DROP_OLDEST = OverflowPolicy.DROP_OLDEST;
const REJECT_NEW = OverflowPolicy.REJECT_NEW;

/** The scenarios of `npm run powercut`: small pages wrap often, large ones are the field's. */
export function outboxScenarios(): OutboxScenario[] {
  const small = { pageBytes: 512, normalPages: 3 };
  return [
    {
      name: "outbox/drop",
      ...small,
      normalPolicy: DROP_OLDEST,
      alarmPolicy: DROP_OLDEST,
      steps: randomOutboxSteps(1, 400, 150),
    },
    {
      name: "outbox/reject",
      ...small,
      normalPolicy: REJECT_NEW,
      alarmPolicy: REJECT_NEW,
      steps: randomOutboxSteps(2, 400, 150),
    },
    {
      name: "outbox/field",
      pageBytes: 4096,
      normalPages: 3,
      normalPolicy: DROP_OLDEST,
      alarmPolicy: REJECT_NEW,
      steps: randomOutboxSteps(3, 1000, 600),
    },
  ];
}

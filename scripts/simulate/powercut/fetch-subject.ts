import { BlockSource } from "../update/block-source.js";
import { FetchingDevice } from "../update/fetching-device.js";
import { installedFlash } from "../update/installed-flash.js";
import { FetchModel, type FetchBench } from "./fetch-model.js";
import { fetchScenarios, type FetchScenario, type FetchScenarios } from "./fetch-scenarios.js";
import type { Subject } from "./subject.js";

const INSTALLED = [Buffer.from("a model over the cable"), Buffer.from("an application over the cable")];
const SLOT_BYTES = 8192;
const FRONT_BYTES = 24;
const END_BYTES = 4;
const STRIDE_BYTES = 127;

/** The subjects of updates that are fetched. They share a signing key, which is made when the first of them runs. */
export function fetchSubjects(): { name: string; steps: number; subject(): Subject<FetchBench> }[] {
  let made: FetchScenarios | undefined;
  const names = ["update/fetch", "update/fetch-on", "update/fetch-other", "update/fetch-pair", "update/fetch-key"];
  return names.map((name, i) => ({
    name,
    steps: [1, 4, 2, 2, 1][i]!,
    subject: () => {
      made ??= fetchScenarios();
      return fetchSubject(made.scenarios[i]!, made.publicKey);
    },
  }));
}

function fetchSubject(scenario: FetchScenario, publicKey: Uint8Array): Subject<FetchBench> {
  const [model, application] = INSTALLED;
  const chip = installedFlash({
    keys: [publicKey, publicKey],
    application: application!,
    model: model!,
    slotBytes: SLOT_BYTES,
  });
  const source = new BlockSource();
  const offers = new Map(scenario.steps.map(({ update }) => [update, source.publish(update)]));
  const installed = INSTALLED;
  const { pageBytes, pageCount, writeUnitBytes, rewritesPerWord } = chip;
  return {
    name: scenario.name,
    flash: { pageBytes, pageCount, writeUnitBytes, rewritesPerWord },
    steps: scenario.steps.length,
    aftermathSteps: 1,
    open: (flash) => {
      // The host has written Storage before the device is ever switched on.
      if (flash.image.every((byte) => byte === 0xff)) flash.image.set(chip.image);
      new FetchingDevice(flash);
      return { flash };
    },
    // A block is a kilobyte: its first bytes, its last, and some between.
    isTried: (form, { count }) =>
      !("bytes" in form) ||
      form.bytes < FRONT_BYTES ||
      form.bytes > count - END_BYTES ||
      form.bytes % STRIDE_BYTES === 0,
    model: () => new FetchModel({ scenario, source, offers, installed }),
  };
}

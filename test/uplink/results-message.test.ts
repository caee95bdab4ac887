import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FlashPages } from "../../lib/flash/flash-pages.js";
import { FlashOutbox } from "../../lib/outbox/flash-outbox.js";
import { OverflowPolicy, Priority } from "../../lib/outbox/outbox.js";
import { FlashSettings } from "../../lib/settings/flash-settings.js";
import { ResultsMessage } from "../../lib/uplink/results-message.js";
import { decodeMessage } from "../../scripts/fleet/messages/message.js";
import type { Results } from "../../scripts/fleet/messages/results.js";
import { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { ramOutbox } from "../support/ram-outbox.js";

const EPOCHS = 2 ** 24 - 1;
const MODEL_IDS = 2 ** 32 - 1;
const VERSIONS = 2 ** 11 - 1;

describe("records in the outbox", () => {
  it("come back from the message as they were made, in every range", () => {
    const origin = fc.record({
      epoch: fc.integer({ min: 0, max: EPOCHS }),
      modelId: fc.integer({ min: 0, max: MODEL_IDS }),
      version: fc.integer({ min: 0, max: VERSIONS }),
    });
    const entry = fc.record({
      sec: fc.integer({ min: 0, max: 2 ** 31 }),
      output: fc.integer({ min: 0, max: 31 }),
      value: fc.integer({ min: -128, max: 127 }).map((q) => q / 256),
    });
    fc.assert(
      fc.property(origin, fc.array(entry, { minLength: 1, maxLength: 23 }), ({ epoch, modelId, version }, entries) => {
        const outputs = Array.from({ length: 32 }, (_, i) => `o${i}`);
        const message = new ResultsMessage("app", outputs, epoch, modelId, version);
        const outbox = ramOutbox();
        entries.sort((a, b) => a.sec - b.sec);
        for (const { sec, output, value } of entries) {
          message.encode(output, sec, value);
          expect(message.record.length).toBeLessThanOrEqual(18);
          outbox.append(Priority.NORMAL, message.record.bytes, message.record.length);
        }
        message.build(outbox, Priority.NORMAL, 2 ** 31 + 5);
        const results = decodeMessage("results", message.writer.bytes.slice(0, message.writer.length)) as Results;
        expect(results).toMatchObject({ epoch, modelId, modelVersion: version, sentAtSec: 2 ** 31 + 5 });
        expect(results.records.map(({ epochSec, name, value }) => ({ sec: epochSec, name, value }))).toEqual(
          entries.map(({ sec, output, value }) => ({ sec, name: `app/o${output}`, value })),
        );
      }),
      { seed: 21, numRuns: 200 },
    );
  });

  it("share a message only with their own epoch and model", () => {
    const outbox = ramOutbox();
    for (const [epoch, modelId, version] of [
      [1, 7, 1],
      [1, 7, 1],
      [2, 7, 1],
      [2, 7, 2],
      [2, 8, 2],
      [2, 8, 34],
    ] as const) {
      const message = new ResultsMessage("app", ["o"], epoch, modelId, version);
      message.encode(0, 10, 0.5);
      outbox.append(Priority.NORMAL, message.record.bytes, message.record.length);
    }
    const sender = new ResultsMessage("app", ["o"], 2, 8, 34);
    const seen: unknown[] = [];
    while (outbox.waiting(Priority.NORMAL) > 0) {
      sender.build(outbox, Priority.NORMAL, 99);
      const results = decodeMessage("results", sender.writer.bytes.slice(0, sender.writer.length)) as Results;
      const { epoch, modelId, modelVersion, sentAtSec, records } = results;
      seen.push([epoch, modelId, modelVersion, sentAtSec, records.length]);
      outbox.acknowledge(Priority.NORMAL, sender.lastSequence);
    }
    expect(seen).toEqual([
      [1, 7, 1, 10, 2],
      [2, 7, 1, 99, 1],
      [2, 7, 2, 99, 1],
      [2, 8, 2, 99, 1],
      [2, 8, 34, 99, 1],
    ]);
  });

  it("of the demo application fit 2,000 times into 14 pages, after any number of boots", () => {
    const flash = new SimulatedFlash({ pageBytes: 4096, pageCount: 16, writeUnitBytes: 4, rewritesPerWord: 32 });
    const pages = new FlashPages(flash);
    const outbox = new FlashOutbox(pages, new FlashSettings(pages), {
      freshIncarnation: 1,
      normalPolicy: OverflowPolicy.DROP_OLDEST,
      alarmPolicy: OverflowPolicy.DROP_OLDEST,
    });
    const message = new ResultsMessage("orchard-frost", ["frost"], EPOCHS, MODEL_IDS, VERSIONS);
    let before = 0;
    let least = Infinity;
    for (let i = 0; i < 5000; i++) {
      message.encode(0, 2 ** 32 - 1, (i % 256) / 256);
      outbox.append(Priority.NORMAL, message.record.bytes, message.record.length);
      if (outbox.evicted(Priority.NORMAL) > before) least = Math.min(least, outbox.waiting(Priority.NORMAL));
      before = outbox.evicted(Priority.NORMAL);
    }
    expect(before).toBeGreaterThan(0);
    expect(least).toBeGreaterThanOrEqual(2000);
  });
});

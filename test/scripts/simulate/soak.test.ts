import { afterEach, describe, expect, it } from "vitest";
import type { Results } from "../../../scripts/fleet/messages/results.js";
import { SqliteStore } from "../../../scripts/fleet/store/sqlite-store.js";
import type { Arrival, Store } from "../../../scripts/fleet/store/store.js";
import { mosquittoCommand } from "../../../scripts/simulate/brokers/mosquitto.js";
import { findLinkProfile } from "../../../scripts/simulate/link/profile.js";
import { embeddedPlace } from "../../../scripts/simulate/soak/embedded-place.js";
import { commandLine, run, type SoakRun, soakOne } from "../../../scripts/simulate/soak/main.js";
import { reportText } from "../../../scripts/simulate/soak/report.js";
import { soak, type SoakOutcome } from "../../../scripts/simulate/soak/soak.js";
import { built } from "../../e2e/sertao-command.js";

const SMALL: SoakRun = { broker: "aedes", results: 2000, devices: 5, seed: 1, link: "flaky" };

let printed = "";
const write = (text: string): void => {
  printed += text;
};
afterEach(() => {
  printed = "";
});

function expectClean(outcome: SoakOutcome, { results }: SoakRun): void {
  expect(outcome, printed).toMatchObject({ isClean: true, evicted: 0, waiting: 0, conflicts: 0, refused: 0 });
  expect(outcome.faults).toMatchObject({ lost: 0, invented: 0, altered: 0, misplaced: 0 });
  expect(outcome.stored).toBe(outcome.made);
  expect(outcome.made).toBeGreaterThanOrEqual(results);
}

describe("a small soak", () => {
  it("into aedes stores every result once and in order, in the same way every time", async () => {
    const first = await soakOne(SMALL, write);
    expectClean(first, SMALL);
    expect(first.faults.outOfOrder).toBe(0);
    expect(first.repeats).toBeGreaterThan(0);
    expect(first.reconnections).toBeGreaterThan(0);
    expect((await soakOne(SMALL, write)).traceHash).toBe(first.traceHash);
    expect((await soakOne({ ...SMALL, seed: 2 }, write)).traceHash).not.toBe(first.traceHash);
  });

  it("over outages of hours cuts the power within flash operations, and loses nothing that was taken", async () => {
    const rural = { ...SMALL, results: 20_000, link: "rural", seed: 3 };
    const outcome = await soakOne(rural, write);
    expectClean(outcome, rural);
    expect(outcome.faults.outOfOrder).toBe(0);
    expect(outcome.powerCuts).toBeGreaterThan(3);
  });

  // With these seeds the last result of a device is an alarm, or follows one: each class has an acknowledgement of its own.
  it.each([1, 6, 8])("delivers the last results of both classes with ack: collector too, seed %i", async (seed) => {
    const place = await embeddedPlace(SqliteStore.open(":memory:"), true);
    try {
      const outcome = await soak({
        ...SMALL,
        results: 400,
        devices: 40,
        profile: findLinkProfile("flaky")!,
        seed,
        place,
      });
      expect(outcome).toMatchObject({ isClean: true, waiting: 0 });
    } finally {
      await place.close();
    }
  });

  it.skipIf(!mosquittoCommand)("into mosquitto stores every result once and in order (needs mosquitto)", async () => {
    const outcome = await soakOne({ ...SMALL, broker: "mosquitto" }, write);
    expectClean(outcome, SMALL);
    expect(outcome.faults.outOfOrder).toBe(0);
  });
});

describe.skipIf(!built)("a small soak with kills (needs dist, npm run build)", () => {
  it("loses nothing while fleet serve is killed, and keeps the order", async () => {
    const outcome = await soakOne({ ...SMALL, kill: "collector", kills: 2 }, write);
    expectClean(outcome, SMALL);
    expect(outcome.faults.outOfOrder).toBe(0);
    expect(outcome.kills).toBe(2);
  });

  it.skipIf(!mosquittoCommand)("loses nothing while fleet serve behind mosquitto is (needs mosquitto)", async () => {
    const outcome = await soakOne({ ...SMALL, broker: "mosquitto", kill: "collector", kills: 2 }, write);
    expectClean(outcome, SMALL);
    expect(outcome.faults.outOfOrder).toBe(0);
    expect(outcome.kills).toBe(2);
  });
});

describe.skipIf(!mosquittoCommand)("a small soak into mosquitto (needs mosquitto)", () => {
  it("loses nothing while mosquitto is killed and forgets all, because devices wait for the collector", async () => {
    const outcome = await soakOne({ ...SMALL, broker: "mosquitto", kill: "broker", kills: 2 }, write);
    expectClean(outcome, SMALL);
    expect(outcome.kills).toBe(2);
  });
});

describe("a soak whose collector does wrong", () => {
  /** Runs a soak over a store of which `spoil` has changed something, and says what was noticed. */
  async function spoiled(spoil: (store: SqliteStore) => void): Promise<SoakOutcome> {
    const store = SqliteStore.open(":memory:");
    spoil(store);
    const place = await embeddedPlace(store);
    try {
      return await soak({ results: 400, devices: 2, seed: 1, profile: findLinkProfile("perfect")!, place });
    } finally {
      await place.close();
    }
  }

  /** Lets `change` have the tenth message of results. */
  function onTenth(store: Store, change: (arrival: Arrival, message: Results) => Arrival[]): void {
    const commit = store.commit.bind(store);
    let messages = 0;
    store.commit = async (arrivals) => {
      const changed = arrivals.flatMap((arrival) =>
        arrival.message.kind === "results" && ++messages === 10 ? change(arrival, arrival.message) : [arrival],
      );
      await commit(changed);
      return arrivals.map(() => ({ stored: 0, repeats: 0, conflicts: 0 }));
    };
  }

  const withRecords = (arrival: Arrival, message: Results, records: Results["records"]): Arrival[] => [
    { ...arrival, message: { ...message, records } },
  ];

  it("is clean where nothing is spoiled", async () => {
    expect((await spoiled(() => undefined)).isClean).toBe(true);
  });

  it.each<[string, keyof SoakOutcome["faults"], (store: SqliteStore) => void]>([
    ["a message that is acknowledged and not stored", "lost", (store) => onTenth(store, () => [])],
    [
      "a value that is stored as another",
      "altered",
      (store) =>
        onTenth(store, (arrival, message) =>
          withRecords(arrival, message, [{ ...message.records[0]!, value: -1 }, ...message.records.slice(1)]),
        ),
    ],
    [
      "a result that nobody made",
      "invented",
      (store) =>
        onTenth(store, (arrival, message) =>
          withRecords(arrival, message, [...message.records, { ...message.records[0]!, sequence: 900_000 }]),
        ),
    ],
    [
      "a message that is stored late",
      "outOfOrder",
      (store) => {
        const results = store.results.bind(store);
        store.results = async (query) => (await results(query)).reverse();
      },
    ],
    [
      "a time that is an hour off",
      "misplaced",
      (store) => {
        const results = store.results.bind(store);
        store.results = async (query) => (await results(query)).map((row) => ({ ...row, at: row.at - 3_600_000 }));
      },
    ],
  ])("notices %s", async (_name, fault, spoil) => {
    const outcome = await spoiled(spoil);
    expect(outcome.faults[fault]).toBeGreaterThan(0);
    expect(outcome.isClean).toBe(false);
  });

  it("says how to see it again, in one line", async () => {
    const outcome = await spoiled((store) => onTenth(store, () => []));
    expect(reportText(outcome)).toMatch(/^ {2}lost +\d+$/m);
    expect(commandLine({ ...SMALL, kill: "collector" })).toBe(
      "--broker aedes --results 2000 --devices 5 --link flaky --seed 1 --kill collector",
    );
    // aedes takes no --kill broker: a failure before anything ran says it too.
    await expect(soakOne({ ...SMALL, kill: "broker" }, write)).rejects.toThrow(/SOAK_OPTION/);
    expect(printed).toMatch(/^ {2}FAILED\. Again: npm run soak -- --broker aedes .* --kill broker\n$/m);
  });
});

describe("npm run soak", () => {
  it("prints what it found and returns the status", async () => {
    const status = await run(["--results", "300", "--devices", "3", "--broker", "aedes", "--link", "perfect"], write);
    expect(status).toBe(0);
    expect(printed).toMatch(/^ {2}delivered +300 stored once, in order$/m);
    expect(printed).toMatch(/^ {2}repeats dropped +0$/m);
    await expect(run(["--results", "3", "--devices", "5"], write)).rejects.toThrow(/SOAK_OPTION: More devices/);
  });
});

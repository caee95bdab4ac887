import { beforeEach, describe, expect, it } from "vitest";
import { keepProvisioning, TURN_FILE } from "../../lib/app/provisioning-keeper.js";
import { PROVISIONING_FILE } from "../../lib/app/provisioning.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import type { FileStore } from "../../lib/hal/file-store.js";
import type { Platform } from "../../lib/hal/platform.js";
import { KEEPER_LINK_VERSION, Told, type LentDevice, type TellKeeper } from "../../lib/update/keeper-link.js";
import { PREVIOUS_PROVISIONING_FILE, PROVISIONING_LIMIT } from "../../lib/update/provisioning-trial.js";
import { Fact, type SlotFacts } from "../../lib/update/slot-facts.js";
import { SimulatedFiles } from "../../scripts/simulate/flash/simulated-files.js";
import { SimulatedFlash } from "../../scripts/simulate/flash/simulated-flash.js";
import { VirtualClock } from "../support/virtual-clock.js";

let files: FileStore;
let writes: string[] = [];

beforeEach(() => {
  files = new SimulatedFiles(
    new SimulatedFlash({ pageBytes: 4096, pageCount: 4, writeUnitBytes: 4, rewritesPerWord: 64 }),
  );
  const write = files.write.bind(files);
  files.write = (name, bytes) => {
    writes.push(name);
    return write(name, bytes);
  };
  files.write(PROVISIONING_FILE, Buffer.from("new"));
  files.write(PREVIOUS_PROVISIONING_FILE, Buffer.from("old one"));
  writes = [];
});

class Boot {
  readonly clock = new VirtualClock();
  readonly errors: number[] = [];
  restarts = 0;
  isOffline = false;
  isClosed = false;
  readonly tell: TellKeeper | undefined;

  constructor(version = KEEPER_LINK_VERSION) {
    const power = { restart: () => this.restarts++ };
    const platform = { clock: this.clock, files, power, log: () => undefined } as unknown as Platform;
    const nothing = (): never => {
      throw new Error("not asked for");
    };
    this.tell = keepProvisioning(platform, [
      version,
      ...([nothing, nothing, nothing, nothing] as const),
      (code: ErrorCode) => this.errors.push(code),
      () => this.isOffline,
      () => (this.isClosed = true),
      ...(["app", "esp8266-4mb", "d1", "0.1.0", [], 0, false] as const),
    ] satisfies LentDevice);
  }

  get usesPrevious(): boolean {
    const facts = this.tell?.(Told.FACTS) as SlotFacts | undefined;
    if (facts) expect([facts[Fact.CONFIG_FILE], facts[Fact.CONFIG_BYTES]]).toEqual([PREVIOUS_PROVISIONING_FILE, 7]);
    return facts !== undefined;
  }

  /** Lets it fail until it restarts. */
  fail(): void {
    for (let i = 0; i < PROVISIONING_LIMIT; i++) {
      expect(this.restarts).toBe(0);
      this.tell!(Told.CLOSED, 3, true);
    }
    expect(this.restarts).toBe(1);
  }
}

describe("the keeper of a board without slots", () => {
  it("is not there where there is no earlier provisioning, or for another version of the link", () => {
    expect(new Boot(KEEPER_LINK_VERSION + 1).tell).toBeUndefined();
    files.erase(PREVIOUS_PROVISIONING_FILE);
    expect(new Boot().tell).toBeUndefined();
  });

  it("forgets the earlier one once the new one has connected", () => {
    const boot = new Boot();
    expect(boot.usesPrevious).toBe(false);
    boot.tell!(Told.CONNECTED, 0);
    expect([boot.isClosed, files.read(PREVIOUS_PROVISIONING_FILE), boot.errors]).toEqual([true, undefined, []]);
    expect(new Boot().tell).toBeUndefined();
  });

  it("lets the two take turns while neither connects, and writes once for each turn", () => {
    for (let turn = 0; turn < 6; turn++) {
      const boot = new Boot();
      expect(boot.usesPrevious).toBe(turn % 2 === 1);
      boot.fail();
    }
    expect(writes).toEqual(new Array(6).fill(TURN_FILE));
  });

  it("stays with the earlier one that connected, and says so, until a new one comes", () => {
    new Boot().fail();
    for (let i = 0; i < 3; i++) {
      const boot = new Boot();
      expect(boot.usesPrevious).toBe(true);
      boot.tell!(Told.CONNECTED, 0);
      expect([boot.isClosed, boot.errors]).toEqual([true, [ErrorCode.PROVISIONING_FAILED]]);
    }
    files.write(PROVISIONING_FILE, Buffer.from("newest"));
    expect(new Boot().usesPrevious).toBe(false);
  });

  it("counts as a failure that there is no network for half a minute", () => {
    const boot = new Boot();
    boot.isOffline = true;
    boot.clock.advance(PROVISIONING_LIMIT * 30_000 - 1);
    expect(boot.restarts).toBe(0);
    boot.clock.advance(1);
    expect(boot.restarts).toBe(1);
    expect(new Boot().usesPrevious).toBe(true);
  });
});

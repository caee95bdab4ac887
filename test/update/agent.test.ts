import { beforeEach, describe, expect, it } from "vitest";
import { ErrorCode } from "../../lib/core/error-code.js";
import { SettingKey } from "../../lib/settings/keys.js";
import { PART_FILE } from "../../lib/update/agent.js";
import { UpdateKind } from "../../lib/update/manifest.js";
import { describeImage } from "../../scripts/ota/image.js";
import {
  SEQUENCE,
  BYTES,
  good,
  signed,
  flash,
  source,
  install,
  boot,
  answer,
  ended,
  fetched,
  changed,
  FETCHING,
  STAGED,
} from "./agent-scene.js";
import { image } from "./signed-update.js";

beforeEach(() => install());

describe("an update", () => {
  it("is fetched, verified and staged", () => {
    const device = fetched(good);
    expect(device.states).toEqual([
      [SEQUENCE, FETCHING, 0, 0, BYTES],
      [SEQUENCE, STAGED, 0, BYTES, BYTES],
    ]);
    expect(device.closed).toBe("restart");
    const next = boot();
    expect(next.slots.activeFile(UpdateKind.MODEL)).toBe("model.b");
    expect(Buffer.from(next.files.read("model.b")!, 0, BYTES).equals(image)).toBe(true);
    expect(next.slots.accepted()).toBe(SEQUENCE);
  });

  it("is passed over once it is accepted", () => {
    fetched(good);
    expect(boot().offer(source.publish({ envelope: good, image }))).toBe(false);
  });

  it("goes on after a restart with the block that it lacks", () => {
    const offer = source.publish({ envelope: good, image });
    let device = boot();
    for (let restarts = 0; device.closed === undefined && restarts < 40; restarts++) {
      device = boot();
      const kept = 4 * (device.settings.get(SettingKey.UPDATE_PROGRESS)[14] ?? 0);
      device.offer(offer);
      device.clock.settle();
      const before = source.requests.length;
      device.run(answer, 1);
      expect((source.requests[before]?.first ?? kept) % 1024).toBe(kept);
    }
    expect(ended(device)).toEqual([STAGED, 0]);
    const asked = source.requests.map(({ part, first }) => part * 65536 + first);
    expect(asked).toEqual([...new Set(asked)].sort((a, b) => a - b));
    // Each boot went on within the piece of which the one before had kept a part.
    expect(source.requests.filter(({ first }) => first % 1024 > 0).length).toBeGreaterThan(3);
  });

  it("begins anew where another envelope of the same sequence is offered", () => {
    const device = boot();
    device.offer(source.publish({ envelope: good, image }));
    device.run(answer, 1);
    expect(device.settings.get(SettingKey.UPDATE_PROGRESS)[12]).toBe(2);
    expect(ended(fetched(signed({})))).toEqual([STAGED, 0]);
  });

  it("begins a piece again of which something else was kept", () => {
    const device = boot();
    device.offer(source.publish({ envelope: good, image }));
    device.run(answer, 3);
    expect(device.settings.get(SettingKey.UPDATE_PROGRESS)[14]).toBeGreaterThan(0);
    device.files.clearSlot(PART_FILE);
    const next = boot();
    next.offer(source.publish({ envelope: good, image }));
    next.run(answer);
    expect(ended(next)).toEqual([STAGED, 0]);
    const firsts = source.requests.map(({ first }) => first);
    expect(firsts).not.toEqual([...firsts].sort((a, b) => a - b));
  });

  it("goes on within a block that was cut short, in the same boot", () => {
    const offer = source.publish({ envelope: good, image });
    const device = boot();
    device.offer(offer);
    let cut = 0;
    const heard = new Map<number, number>();
    // Every third block arrives in part, as the end of a connection leaves it.
    for (let k = 0; device.closed === undefined; k++) {
      device.clock.settle();
      const request = device.requests.pop()!;
      for (const block of source.answer(request)) {
        const bytes = k % 3 && block.length > 200 ? 150 + ((k * 37) % (block.length - 150)) : block.length;
        cut += +(bytes < block.length);
        const { part, first } = source.requests.at(-1)!;
        heard.set(part * 65536 + first, (heard.get(part * 65536 + first) ?? 0) + 1);
        device.hear(block, bytes);
        if (bytes < block.length) break;
      }
      device.clock.settle();
      if (device.closed === undefined && device.requests.length === 0) device.agent!.connected();
    }
    expect(cut).toBeGreaterThan(5);
    expect(ended(device)).toEqual([STAGED, 0]);
    // No address was ever asked for twice.
    expect(Math.max(...heard.values())).toBeLessThanOrEqual(2);
  });

  it("waits without a word while another is on trial, and is no refused one", () => {
    fetched(good);
    const device = boot();
    const next = signed({ sequence: SEQUENCE + 1 });
    expect(device.offer(source.publish({ envelope: next, image }))).toBe(true);
    device.run(answer);
    expect([device.closed, device.states]).toEqual(["done", []]);
    expect(device.slots.confirm()).toBe(ErrorCode.OK);
    expect(ended(fetched(next))).toEqual([STAGED, 0]);
  });

  it("writes nothing when a connection ends that brought nothing new", () => {
    const device = boot();
    device.offer(source.publish({ envelope: good, image }));
    device.clock.settle();
    const before = flash.operations;
    device.agent!.closed();
    expect(flash.operations).toBe(before);
    device.hear(answer(device.requests.pop()!)[0]!, 500);
    device.agent!.closed();
    const kept = flash.operations;
    expect(kept).toBeGreaterThan(before);
    device.agent!.closed();
    expect(flash.operations).toBe(kept);
  });

  it("takes a block as it grows, and what it has already no second time", () => {
    const device = boot();
    device.offer(source.publish({ envelope: good, image }));
    let seed = 1;
    device.run((request) => {
      for (const block of answer(request))
        for (let bytes = 0; bytes < block.length; bytes += 1 + (seed % 97)) {
          seed = (seed * 48_271) % 2_147_483_647;
          device.hear(block, bytes);
        }
      // Whole, and once more.
      return [...answer(request), ...answer(request)];
    });
    expect(ended(device)).toEqual([STAGED, 0]);
    expect(boot().slots.activeFile(UpdateKind.MODEL)).toBe("model.b");
  });

  it("asks for nothing twice where its answer is only late", () => {
    const device = boot();
    device.offer(source.publish({ envelope: good, image }));
    expect(device.requests).toHaveLength(1);
    const late = answer(device.requests[0]!);
    device.agent!.connected();
    expect(device.requests).toHaveLength(2);
    // The earlier answer has another id.
    for (const block of late) device.hear(block);
    expect(device.settings.get(8).length).toBe(0);
    device.requests.splice(0, 1);
    device.run(answer);
    expect(ended(device)).toEqual([STAGED, 0]);
  });
});

describe("an image of more than 64 KB, of which a block is two pieces", () => {
  const long = Uint8Array.from({ length: 70_001 }, (_, i) => (i * i) >> (i % 7));
  let envelope: Uint8Array;
  beforeEach(() => {
    install({ slotBytes: 73_728 });
    envelope = signed({ image: describeImage(long, "heatshrink") });
  });
  const expectThere = (): void => {
    const { slots, files } = boot();
    expect(slots.activeFile(UpdateKind.MODEL)).toBe("model.b");
    expect(Buffer.from(files.read("model.b")!, 0, long.length).equals(Buffer.from(long))).toBe(true);
  };

  it("is fetched whole, from block to block over restarts", () => {
    expect(ended(fetched(envelope, boot(), long))).toEqual([STAGED, 0]);
    expectThere();
  });

  it("keeps no front of a block, of which it has one piece in memory", () => {
    const device = boot();
    device.offer(source.publish({ envelope, image: long }));
    for (;;) {
      device.clock.settle();
      const request = device.requests.pop()!;
      const { part } = (answer(request), source.requests.at(-1)!);
      const [block] = answer(request);
      if (part === 1) {
        const before = flash.operations;
        device.hear(block!, 1500);
        device.agent!.closed();
        expect(flash.operations).toBe(before);
        return;
      }
      for (const one of answer(request)) device.hear(one);
    }
  });

  it("goes on over restarts with the first block that is not there, and takes no part of one for the whole", () => {
    const offer = source.publish({ envelope, image: long });
    let device = boot();
    for (let restarts = 0; device.closed === undefined && restarts < 400; restarts++) {
      device = boot();
      device.offer(offer);
      device.run(answer, 1 + (restarts % 2));
    }
    expect(ended(device)).toEqual([STAGED, 0]);
    expectThere();
  });

  it("asks for both pieces of a block again where one is another", () => {
    const device = boot();
    device.offer(source.publish({ envelope, image: long }));
    let spoilt = 0;
    device.run((request) => {
      const blocks = answer(request);
      const { part, first } = source.requests.at(-1)!;
      return part === 1 && first === 4096 && spoilt++ === 0
        ? blocks.map((one) => changed(one, one.length - 1))
        : blocks;
    });
    expect(ended(device)).toEqual([STAGED, 0]);
    expect(source.requests.filter(({ part, first }) => part === 1 && first === 4096)).toHaveLength(2);
    expectThere();
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import vm from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { esp32 } from "../../../boards/esp32.js";
import { linuxField } from "../../../boards/linux-field.js";
import { crc32 } from "../../../lib/core/crc32.js";
import { evalPacket, PacketReader, type Said } from "../../../scripts/device/console/packet.js";
import { deltaLiteral, findCopies, type OldFile } from "../../../scripts/device/upload/delta.js";
import { pageScript, planPages } from "../../../scripts/device/upload/slot-delta.js";
import { byteLiteral } from "../../../scripts/device/upload/literal.js";
import { afterBanner } from "../../../scripts/device/upload/restart.js";
import { storageImage } from "../../../scripts/device/upload/storage-image.js";
import { findCommand } from "../../../scripts/engine/find-command.js";
import { LiveEspruino } from "../../support/serial/live-espruino.js";
import { storageIn } from "../../support/serial/storage-of.js";

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const evaluate = (expression: string, globals: object = {}): unknown =>
  vm.runInNewContext(expression, { atob: (text: string) => textOf(Buffer.from(text, "base64")), ...globals });

describe("a packet", () => {
  test("has the engine's form, and no byte in its head that could mean something else", () => {
    expect(Buffer.from(evalPacket("1+1+1")).toString("latin1")).toBe("\x10\x01\x20\x051+1+1");
    for (let length = 1; length <= 8180; length++) {
      const packet = evalPacket("x".repeat(length));
      expect([3, 4, 17, 19]).not.toContain(packet[3]);
      expect(((packet[2]! & 0x1f) << 8) | packet[3]!).toBe(packet.length - 4);
    }
  });

  test("is found in what a device says, wherever its bytes are cut", () => {
    const stream = Buffer.from("hello\r\n\x06\x10\x01\x00\x04true>\x15oops\x10x", "latin1");
    const whole: Said[] = [
      { kind: "text", text: "hello\r\n" },
      { kind: "ack" },
      { kind: "packet", type: 0, text: "true" },
      { kind: "text", text: ">" },
      { kind: "nak" },
      { kind: "text", text: "oops\x10x" },
    ];
    for (let cut = 0; cut <= stream.length; cut++) {
      const reader = new PacketReader();
      const said = [...reader.take(stream.subarray(0, cut)), ...reader.take(stream.subarray(cut))];
      expect(joined(said)).toEqual(whole);
    }
  });
});

test("a literal is printable ASCII and evaluates to the bytes", () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.string().map(Buffer.from)), (bytes) => {
      const literal = byteLiteral(bytes);
      expect(literal).toMatch(/^[\x20-\x7e]*$/);
      expect(evaluate(literal)).toBe(textOf(bytes));
    }),
  );
});

describe("a delta", () => {
  const blocksOf = (bytes: Uint8Array, blockBytes: number): OldFile => ({
    blockBytes,
    blocks: Array.from({ length: Math.floor(bytes.length / blockBytes) }, (_, i) => {
      const block = bytes.subarray(i * blockBytes, (i + 1) * blockBytes);
      return [block.reduce((sum, byte) => sum + byte, 0), crc32(block)] as const;
    }),
  });
  const rebuilt = (next: Uint8Array, old: Uint8Array, blockBytes: number, chunkBytes: number): string => {
    const copies = findCopies(next, blocksOf(old, blockBytes));
    let text = "";
    for (let at = 0; at < next.length; at += chunkBytes) {
      const end = Math.min(at + chunkBytes, next.length);
      text += String(evaluate(deltaLiteral(next, at, end, copies), { o: textOf(old) }));
    }
    return text;
  };

  test("makes the new file of the old one, whatever was changed", () => {
    const few = fc.uint8Array({ min: 97, max: 100, maxLength: 200 });
    const edit = fc.record({ at: fc.nat(200), cut: fc.nat(30), insert: fc.uint8Array({ maxLength: 30 }) });
    fc.assert(
      fc.property(
        few,
        fc.array(edit, { maxLength: 4 }),
        fc.constantFrom(4, 8, 16),
        fc.constantFrom(12, 64),
        (old, edits, block, chunk) => {
          let next = Buffer.from(old);
          for (const { at, cut, insert } of edits)
            next = Buffer.concat([next.subarray(0, at), insert, next.subarray(at + cut)]);
          expect(rebuilt(next, old, block, chunk)).toBe(textOf(next));
        },
      ),
    );
  });

  test("of one changed word is small", () => {
    const old = Buffer.from(Array.from({ length: 400 }, (_, i) => `var v${i}=${i * i};`).join(""));
    const next = Buffer.from(old.toString().replace("v200=40000", "v200=12345678"));
    const copies = findCopies(next, blocksOf(old, 256));
    expect(copies.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(next.length - 600);
    expect(copies).toHaveLength(2);
  });
});

describe("a Storage image", () => {
  const files = [
    { name: "model.smod", bytes: Uint8Array.from({ length: 5001 }, (_, i) => i & 255) },
    { name: ".bootcde", bytes: Buffer.from('print("booted from an image");') },
  ];

  test("fills all of Storage: the files, and nothing else", () => {
    const image = storageImage(esp32, files);
    expect(image.length).toBe(esp32.storage.pageBytes * esp32.storage.pages);
    const storage = storageIn(image, esp32.storage.pageBytes);
    expect(storage.list()).toEqual(["model.smod", ".bootcde"]);
    for (const { name, bytes } of files) expect(Buffer.from(storage.read(name)!).equals(bytes)).toBe(true);
    expect(image.subarray(32 + 5004 + 32 + 32).every((byte) => byte === 0xff)).toBe(true);
  });

  test("that is too large is refused", () => {
    expect(() => storageImage(esp32, [{ name: "x", bytes: new Uint8Array(917_504) }])).toThrow(/STORAGE_TOO_SMALL/);
  });

  test.skipIf(findCommand("espruino-field") === undefined)("boots (needs espruino-field)", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sertao-image-"));
    const { storage, flashAddress, flashBytes } = linuxField;
    const flash = new Uint8Array(flashBytes).fill(0xff);
    flash.set(storageImage(linuxField, files), storage.address - flashAddress);
    writeFileSync(join(folder, "espruino.flash"), flash);
    const engine = new LiveEspruino({ folder, command: findCommand("espruino-field")! });
    let text = "";
    await new Promise<void>((resolve) => {
      engine.heard = (part) => {
        text += part;
        if (text.includes("booted from an image")) resolve();
      };
    });
    engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });
});

test("the engine's banner, prompts and control sequences are left out", () => {
  const text = "ets Jun\r\n ____\r\n|  __|\r\nhttp://espruino.com/Donate\r\n\r\n\x1b[Jhello\r\n>\r\n>";
  expect(afterBanner(text)).toEqual(["hello"]);
  expect(afterBanner("Not implemented\r\nrunning\r\n>")).toEqual(["Not implemented", "running"]);
});

/** Texts that follow each other as one: how they are cut is the stream's. */
function joined(said: readonly Said[]): Said[] {
  const all: Said[] = [];
  for (const one of said) {
    const last = all.at(-1);
    if (one.kind === "text" && last?.kind === "text")
      all[all.length - 1] = { kind: "text", text: last.text + one.text };
    else all.push(one);
  }
  return all;
}

describe("a slot that becomes another one where it lies", () => {
  const PAGE = 64;
  const PAGES = 12;
  const ADDRESS = 0x1000;

  /** What runs on a device, on a flash that clears bits when written and sets them when erased. */
  function run(flash: Uint8Array, expression: string): void {
    const Flash = {
      read: (bytes: number, at: number) => flash.slice(at - ADDRESS, at - ADDRESS + bytes),
      erasePage: (at: number) => void flash.fill(0xff, at - ADDRESS, at - ADDRESS + PAGE),
      write: (bytes: Uint8Array, at: number) => bytes.forEach((byte, i) => (flash[at - ADDRESS + i]! &= byte)),
    };
    const E = {
      CRC32: (bytes: Uint8Array) => crc32(Uint8Array.from(bytes)) | 0,
      toUint8Array: (text: string) => Uint8Array.from(Buffer.from(text, "latin1")),
      kickWatchdog: () => undefined,
    };
    evaluate(expression, { E, Uint8Array, require: () => Flash });
  }

  function blocksOf(bytes: Uint8Array, blockBytes: number): OldFile {
    const count = Math.floor(bytes.length / blockBytes);
    const blocks = Array.from({ length: count }, (_, i) => {
      const block = bytes.subarray(i * blockBytes, (i + 1) * blockBytes);
      return [block.reduce((sum, byte) => sum + byte, 0), crc32(block) | 0] as const;
    });
    return { blockBytes, blocks };
  }

  function slotOf(content: Uint8Array): Uint8Array {
    const slot = new Uint8Array(PAGE * PAGES).fill(0xff);
    slot.set(content);
    return slot;
  }

  test("is that one afterwards, although every page is asked for twice", () => {
    let planned = 0;
    const text = fc.uint8Array({ minLength: PAGE * 4, maxLength: PAGE * 8 });
    const piece = fc.uint8Array({ maxLength: 24 });
    const edits = fc.array(fc.record({ at: fc.nat(), gone: fc.nat({ max: PAGE }), piece }), { maxLength: 4 });
    fc.assert(
      fc.property(text, edits, fc.constantFrom(4, 12, 20), (content, made, blockBytes) => {
        let edited = Array.from(content);
        for (const { at, gone, piece } of made) {
          edited.splice(at % (edited.length + 1), gone, ...piece);
          edited = edited.slice(0, PAGE * PAGES);
        }
        const bytes = slotOf(Uint8Array.from(edited));
        const flash = slotOf(content);
        const file = { name: "app.a", bytes, contentBytes: edited.length };
        const pages = planPages(file, blocksOf(flash, blockBytes), PAGE);
        if (pages === undefined) return;
        planned++;
        for (const page of pages) {
          const ask = pageScript(bytes, page, ADDRESS, PAGE);
          run(flash, ask);
          run(flash, ask);
        }
        expect(Buffer.from(flash)).toEqual(Buffer.from(bytes));
      }),
      { seed: 20, numRuns: 200 },
    );
    expect(planned).toBeGreaterThan(20);
  });

  test("leaves pages alone that are the same, and takes moved ones from the device", () => {
    const content = Uint8Array.from({ length: PAGE * 8 }, (_, i) => (i * i * 31) >>> 3);
    const longer = Uint8Array.from([...content.subarray(0, 200), 1, 2, 3, ...content.subarray(200)]);
    for (const [from, to] of [
      [content, longer],
      [longer, content],
    ] as const) {
      const file = { name: "app.a", bytes: slotOf(to), contentBytes: to.length };
      const pages = planPages(file, blocksOf(slotOf(from), 4), PAGE)!;
      expect(pages.every(({ at }) => at >= 192)).toBe(true);
      const sent = pages.flatMap(({ parts }) => parts).filter((part) => part.from === undefined);
      expect(sent.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(20);
    }
  });

  test("is sent whole where little of it is there", () => {
    const file = { name: "app.a", bytes: slotOf(new Uint8Array(300).fill(7)), contentBytes: 300 };
    expect(planPages(file, blocksOf(slotOf(new Uint8Array(300)), 4), PAGE)).toBeUndefined();
  });
});

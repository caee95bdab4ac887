import { describe, expect, it } from "vitest";
import { esp8266With4Mb } from "../../../boards/esp8266-4mb.js";
import { guestParts } from "../../../scripts/simulate/guest/program.js";
import { printed, startScript } from "./run-script.js";

// The expected values were printed by Espruino 2v29.
describe("emulated Espruino API", () => {
  it("keeps each part's source free of names from outside", () => {
    for (const part of guestParts) expect(part.toString()).not.toMatch(/__vi_|_vitest_|import\(/);
  });

  it("runs timers in order of time, then of making, with their arguments", async () => {
    const lines = await printed(`
      setTimeout(function () { print("A"); }, 10);
      setTimeout(function (x) { print("B" + x); }, 10, 42);
      setTimeout(function () { print("C"); }, 5);
      setTimeout("print('D')");
      var n = 0, id = setInterval(function () { print("i" + n); if (++n === 2) changeInterval(id, 500); if (n === 3) clearInterval(id); }, 100);
      clearTimeout(0); clearTimeout(99);`);
    expect(lines).toEqual(["D", "C", "A", "B42", "i0", "i1", "i2"]);
  });

  it("refuses clearTimeout(undefined) and an unknown interval", async () => {
    expect(
      await printed(`try { clearTimeout(undefined); } catch (e) { print(e.message); }
      try { changeInterval(99, 5); } catch (e) { print(e.message); }`),
    ).toEqual(["clearTimeout(undefined) not allowed. Use clearTimeout() instead", "Unknown Interval"]);
  });

  it("counts virtual time from the boot, and Date follows setTime", async () => {
    expect(
      await printed(
        `setTimeout(function () { print(getTime().toFixed(3)); setTime(1000); print(Date.now() + " " + new Date().getTime()); }, 2500);`,
      ),
    ).toEqual(["2.500", "1000000 1000000"]);
  });

  it("computes E's loops as Espruino does", async () => {
    expect(
      await printed(`
      print(E.convolve([1, 2, 3], new Int8Array([4, 5, 6, 7]), -1), E.convolve([1, 2, 3], [10, 1], 0));
      var a = new Int8Array([-1, 1, 2]), m = new Uint8Array(256); m[255] = 9; m[1] = 3; E.mapInPlace(a, a, m); print([].slice.call(a).join());
      print([].slice.call(E.toUint8Array("AB\\xff", 5, [1, 2])).join(), E.toString([65, 66], "C", 67), E.sum(new Int8Array([1, -2])));
      print(Graphics.createArrayBuffer(8, 8, 8).transformVertices([1, 2, 3, 4], [10, 0, 0, 100, 0.5, 0.25]).join());`),
    ).toEqual(["30 42", "9,3,0", "65,66,255,5,1,2 ABCC -1", "10.5,200.25,30.5,400.25"]);
  });

  it("has random numbers that are the same after every start", async () => {
    const script = `print(Math.random(), E.hwRand());`;
    expect(await printed(script)).toEqual(await printed(script, 10, { seed: 77 }));
  });

  it("prints what nothing caught and goes on; or tells process", async () => {
    const { lines, simulation } = await startScript(`
      setTimeout(function () { undefinedThing.x(); }, 1);
      setTimeout(function () { process.on("uncaughtException", function (e) { print("heard " + e.message); }); }, 2);
      setTimeout(function () { throw new Error("two"); }, 3);
      throw new Error("top");`);
    simulation.devices[0]!.powerOn();
    await simulation.runUntil(5000);
    expect(lines[0]).toBe("Uncaught Error: top");
    expect(lines.join("\n")).toContain("Uncaught ReferenceError");
    expect(lines.at(-1)).toBe("heard two");
    expect(simulation.devices[0]!.counters.crashes).toBe(3);
    simulation.dispose();
  });

  it("keeps files over a reboot, tells init and kill, and says why it woke", async () => {
    const lines = await printed(
      `
      var s = require("Storage"), boots = (s.read("n") || "") + "x";
      E.on("init", function () { print("init " + boots + " " + ESP32.getWakeupCause()); });
      E.on("kill", function () { print("kill"); });
      s.erase("n"); s.write("n", boots);
      setTimeout(function () { if (boots === "x") { E.reboot(); print("never"); } else if (boots === "xx") ESP32.deepSleep(5e6); }, 1000);`,
      30,
    );
    expect(lines).toEqual(["init x 0", "kill", "init xx 0", "init xxx 4"]);
  });

  it("has Storage's rules", async () => {
    expect(
      await printed(`
      var s = require("Storage");
      print(s.write("x", "abcd"), s.read("x", 1, 2), typeof s.read("no"), typeof s.readArrayBuffer("no"), s.readArrayBuffer("x").byteLength);
      s.write("z", "abcdef", 0, 10); s.write("z", "gh", 6); print(JSON.stringify(s.read("z")));
      s.write("j", { a: 1 }); print(JSON.stringify(s.readJSON("j")), s.list(/^[xz]$/).join());
      s.write("a-name-that-is-longer-than-28-characters", "y"); print(s.list().pop().length);
      try { s.write("e", ""); } catch (e) { print(e.message); }
      try { s.write("new", "x", 5); } catch (e) { print(e.message); }
      try { s.write("big", "x", 0, 917500); } catch (e) { print(e.message, typeof s.read("big")); }
      try { s.write("x", "zz", 1); } catch (e) { print(e.message); }`),
    ).toEqual([
      "true bc undefined undefined 4",
      '"abcdefghÿÿ"',
      '{"a":1} x,z',
      "28",
      "Can't create zero length file",
      "Unable to find or create file",
      "Unable to find or create file undefined",
      "File already written with different data",
    ]);
  });

  it("has NOR flash at the board's free addresses: writes clear bits, erase sets a page", async () => {
    expect(
      await printed(`
      var f = require("Flash");
      f.write(new Uint8Array([0xf0, 1, 2, 3]), 0x310000); f.write(new Uint8Array([0x3c, 1, 2, 3]), 0x310000);
      print([].slice.call(f.read(4, 0x310000)).join(), JSON.stringify(f.getPage(0x311234)));
      f.erasePage(0x310010); print(f.read(1, 0x310000)[0]);
      try { f.write(new Uint8Array([1]), 0x310001); } catch (e) { print("unaligned"); }
      try { f.read(4, 0x300000); } catch (e) { print("outside"); }`),
    ).toEqual(['48,1,2,3 {"addr":3215360,"length":4096}', "255", "unaligned", "outside"]);
  });

  it("hashes and encrypts with the host's own code, and CTR ignores its iv as Espruino does", async () => {
    const lines = await printed(`
      var c = require("crypto"), hex = function (b) { return [].map.call(new Uint8Array(b), function (x) { return (x + 256).toString(16).slice(1); }).join(""); };
      print(hex(c.SHA256("abc")));
      print(hex(c.AES.encrypt(new Uint8Array(16), new Uint8Array(16), { mode: "ECB" })));
      print(hex(c.AES.encrypt(new Uint8Array(16), new Uint8Array(16), { mode: "CTR", iv: new Uint8Array([9,9,9,9,9,9,9,9,9,9,9,9,9,9,9,9]) })));`);
    expect(lines).toEqual([
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "66e94bd4ef8a2c3b884cfa59ca342b2e",
      "66e94bd4ef8a2c3b884cfa59ca342b2e",
    ]);
  });

  it("lacks what the board lacks", async () => {
    const script = `try { require("crypto"); } catch (e) { print(e.message); } print(typeof ESP32);`;
    expect(await printed(script, 5, { board: esp8266With4Mb })).toContain("undefined");
    expect(await printed(`try { require("tls2"); } catch (e) { print(e.message); }`)).toEqual([
      'Module "tls2" not found',
    ]);
  });

  it("gives readings of the moment and counts what is observed, over reboots", async () => {
    const { lines, simulation } = await startScript(`
      print(sertaoReading("t") > 1e12, sertaoReading("none"));
      sertaoObserve("sample", 5); sertaoObserve("waiting", 2);
      if (!require("Storage").read("r")) { require("Storage").write("r", "1"); setTimeout(E.reboot, 100); }`);
    const device = simulation.devices[0]!;
    device.powerOn();
    await simulation.runUntil(9000);
    expect(lines).toEqual(["true NaN", "true NaN"]);
    expect([device.counters.samples, device.counters.waiting, device.counters.boots]).toEqual([10, 2, 2]);
    simulation.dispose();
  });
});

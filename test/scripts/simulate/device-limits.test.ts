import { describe, expect, it } from "vitest";
import { startScript } from "./run-script.js";

async function run(
  code: string,
  seconds = 60,
  maxPolls = 50,
): Promise<{ lines: string[]; crashes: number; boots: number }> {
  const { lines, simulation } = await startScript(code, { maxPolls });
  const device = simulation.devices[0]!;
  device.powerOn();
  await simulation.runUntil(seconds * 1000);
  const { crashes, boots } = device.counters;
  simulation.dispose();
  return { lines, crashes, boots };
}

describe("limits of a simulated device", () => {
  it("ends an endless loop, which no catch holds up, and the watchdog restarts the device", async () => {
    const code = `E.enableWatchdog(5, false); print("boot"); try { for (;;) {} } catch (e) { print("caught"); }`;
    const { lines, crashes, boots } = await run(code, 11);
    expect(lines).not.toContain("caught");
    expect(crashes).toBeGreaterThanOrEqual(1);
    expect(boots).toBeGreaterThanOrEqual(2);
  });

  it("leaves a device that hangs without a watchdog as it is", async () => {
    expect((await run(`for (;;) {}`)).boots).toBe(1);
  });

  it("restarts a device that does not kick its watchdog, and not one that does", async () => {
    expect((await run(`E.enableWatchdog(10, false);`, 25)).boots).toBeGreaterThan(1);
    const kicking = `E.enableWatchdog(10, false); setInterval(function () { E.kickWatchdog(); }, 5000);`;
    expect((await run(kicking, 120)).boots).toBe(1);
    expect((await run(`E.enableWatchdog(10, true);`, 120)).boots).toBe(1);
  });

  it("counts typed arrays against the board's memory and restarts a device that runs out", async () => {
    const { lines, crashes } = await run(
      `var all = []; setInterval(function () { all.push(new Uint8Array(20000)); }, 10);`,
      30,
    );
    expect(lines).toContain("OUT OF MEMORY");
    expect(crashes).toBeGreaterThan(0);
  });

  it("does not count garbage: cycles come and go without end", async () => {
    const { crashes } = await run(
      `setInterval(function () { for (var i = 0; i < 300; i++) { var a = { b: [1, 2, 3] }; a.self = a; } }, 10);`,
      30,
    );
    expect(crashes).toBe(0);
  });

  it("shows memory in use that grows with what is kept", async () => {
    const { lines } = await run(
      `var before = process.memory().usage, keep = new Uint8Array(14000); print(process.memory().usage - before >= 1000, process.memory().total);`,
    );
    expect(lines).toEqual(["true 16383"]);
  });

  it("loses a file whose writing the power cut ended, and finds those that were there", async () => {
    const { lines, simulation } = await startScript(`
      var s = require("Storage");
      print("at boot " + s.read("old") + " " + s.read("new"));
      s.write("old", "kept");
      s.write("new", "whole");
      print("written");`);
    const device = simulation.devices[0]!;
    // Header and content of "old", the header of "new".
    device.storageFlash.cutAt(4, { kind: "none" });
    device.powerOn();
    await simulation.runUntil(10_000);
    expect(lines).toEqual(["at boot undefined undefined"]);
    device.powerOn();
    await simulation.runUntil(20_000);
    expect(lines.slice(1)).toEqual(["at boot kept \xff\xff\xff\xff\xff", "written"]);
    simulation.dispose();
  });

  it("does nothing more once the power is cut in a flash write, and boots from what was written", async () => {
    const { lines, simulation } = await startScript(`
      var f = require("Flash");
      print("at boot " + f.read(1, 0x310000)[0]);
      try { f.write(new Uint8Array([1, 2, 3, 4]), 0x310000); print("written"); } catch (e) { print("caught"); }
      setTimeout(function () { print("later"); }, 100);`);
    const device = simulation.devices[0]!;
    device.flash!.cutAt(1, { kind: "prefix", bytes: 1 });
    device.powerOn();
    await simulation.runUntil(10_000);
    expect(lines).toEqual(["at boot 255"]);
    expect(device.isOn).toBe(false);
    device.powerOn();
    await simulation.runUntil(20_000);
    expect(lines.slice(1)).toEqual(["at boot 1", "written", "later"]);
    simulation.dispose();
  });
});

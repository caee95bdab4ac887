import { describe, expect, it } from "vitest";
import { Scheduler } from "../../../scripts/simulate/clock/scheduler.js";
import { brokerPatienceMs } from "../../../scripts/simulate/link/keep-alive.js";
import { Link } from "../../../scripts/simulate/link/link.js";
import { findLinkProfile, linkProfiles } from "../../../scripts/simulate/link/profile.js";
import { seedStream } from "../../../scripts/simulate/seed-stream.js";
import { startScript } from "./run-script.js";
import { FakeBroker } from "./fake-broker.js";

const CONNECT_60S = Buffer.from("101000044d51545404020000003c000464310000".slice(0, 36), "hex");
CONNECT_60S.writeUInt16BE(60, 10);

const CLIENT = `
  var s, log = function (x) { print(x); };
  function open() {
    try {
      s = require("net").connect({ host: "b", port: 1 }, function () { log("connected"); s.write("\\x00A\\xff"); });
      s.on("data", function (d) { log("data " + d.length + " " + d.charCodeAt(d.length - 1)); });
      s.on("drain", function () { log("drain"); });
      s.on("close", function (e) { log("close " + e); });
      s.on("error", function (e) { log("error"); });
    } catch (e) { log("threw " + e.message); }
  }
  open();`;

describe("link", () => {
  it("carries byte strings both ways, drains, and splits what arrives", async () => {
    const broker = new FakeBroker((bytes, stream) => stream.write(Buffer.alloc(1000, bytes[bytes.length - 1])));
    const { lines, simulation } = await startScript(CLIENT, { broker });
    simulation.devices[0]!.powerOn();
    await simulation.runUntil(5000);
    expect(broker.text).toBe("\x00A\xff");
    expect(lines).toEqual(["drain", "connected", "drain", "data 536 255", "data 464 255"]);
    expect(simulation.devices[0]!.link).toMatchObject({ bytesUp: 3, bytesDown: 1000 });
    simulation.dispose();
  });

  it("writes typed arrays as decimal text, as Espruino does", async () => {
    const { simulation, broker } = await startScript(
      `var s = require("net").connect({ host: "b", port: 1 }, function () { s.write(new Uint8Array([65, 200])); s.end(); });`,
    );
    simulation.devices[0]!.powerOn();
    await simulation.runUntil(5000);
    expect(broker.text).toBe("65,200");
    expect(broker.ended).toBe(1);
    simulation.dispose();
  });

  it("says close when the broker closes, and then refuses to write", async () => {
    const broker = new FakeBroker((_bytes, stream) => stream.destroy());
    const code = `${CLIENT} setTimeout(function () { try { s.write("x"); } catch (e) { log(e.message); } }, 3000);`;
    const { lines, simulation } = await startScript(code, { broker });
    simulation.devices[0]!.powerOn();
    await simulation.runUntil(9000);
    expect(lines.slice(-2)).toEqual(["close false", "This socket is closed"]);
    simulation.dispose();
  });

  it("fails every attempt while down, in each of Espruino's ways, and within its time-out", async () => {
    const profile = findLinkProfile("dead")!;
    const { lines, simulation, broker } = await startScript(`${CLIENT} setInterval(open, 60000);`, { profile });
    simulation.devices[0]!.powerOn();
    await simulation.runUntil(3_600_000);
    expect(broker.streams).toHaveLength(0);
    const kinds = new Set(lines);
    expect(kinds).toEqual(new Set(["threw Unable to locate host", "error", "close true"]));
    simulation.dispose();
  });

  it("closes the broker's side after one and a half keep-alives of silence", async () => {
    const bytes = JSON.stringify([...CONNECT_60S]);
    const code = CLIENT.replace(/s\.write\("[^"]*"\)/, `s.write(String.fromCharCode.apply(null, ${bytes}))`);
    const { simulation, broker } = await startScript(code);
    simulation.devices[0]!.powerOn();
    await simulation.runUntil(85_000);
    expect(broker.ended).toBe(0);
    await simulation.runUntil(95_000);
    expect(broker.ended).toBe(1);
    simulation.dispose();
  });

  it("reads the keep-alive from CONNECT, and waits half a minute where there is none yet", () => {
    expect(brokerPatienceMs(CONNECT_60S)).toBe(90_000);
    expect(brokerPatienceMs(new Uint8Array(0))).toBe(30_000);
    const never = Uint8Array.from(CONNECT_60S);
    never[11] = 0;
    expect(brokerPatienceMs(never)).toBe(Infinity);
  });

  it("loses what is under way when it is cut, and the broker notices only by silence", async () => {
    const scheduler = new Scheduler();
    const broker = new FakeBroker();
    const profile = {
      name: "x",
      title: "",
      connectTimeoutMs: 1000,
      phases: [
        { state: "up" as const, minutes: [1, 1] as const, weight: 1, latencyMs: [5000, 5000] as const, cutMinutes: 0 },
        {
          state: "down" as const,
          minutes: [1, 1] as const,
          weight: 1,
          latencyMs: [5000, 5000] as const,
          cutMinutes: 0,
        },
      ],
    };
    const link = new Link({
      scheduler,
      random: seedStream(1, "t"),
      profile,
      attach: (s) => broker.attach(s),
      disturbed: () => undefined,
      trace: () => undefined,
    });
    const heard: string[] = [];
    link.dial({
      opened: (connection) => {
        connection.write(CONNECT_60S);
        scheduler.at(58_000, () => connection.write(Buffer.from("lost")));
      },
      failed: () => heard.push("failed"),
      received: () => heard.push("received"),
      closed: () => heard.push("closed"),
    });
    const runTo = async (ms: number): Promise<void> => {
      while (scheduler.step(ms)) await broker.settled();
    };
    await runTo(62_000);
    expect(Buffer.concat(broker.received)).toEqual(CONNECT_60S);
    expect([link.cuts, broker.ended, link.bytesUp]).toEqual([1, 0, CONNECT_60S.length + 4]);
    await runTo(104_000);
    expect(broker.ended).toBe(0);
    await runTo(106_000);
    expect(broker.ended).toBe(1);
    expect(heard).toEqual([]);
  });

  it("gives every profile a schedule of its own seed, with outages of hours in rural", () => {
    const outages = (seed: number): number[] => {
      const scheduler = new Scheduler();
      const link = new Link({
        scheduler,
        random: seedStream(seed, "l"),
        profile: findLinkProfile("rural")!,
        attach: () => undefined,
        disturbed: () => undefined,
        trace: () => undefined,
      });
      const found: number[] = [];
      let downAt = 0;
      link.onState = (state) =>
        state === "down" ? (downAt = scheduler.nowMs) : downAt && (found.push(scheduler.nowMs - downAt), (downAt = 0));
      while (scheduler.step(14 * 86_400_000));
      return found;
    };
    expect(outages(1)).toEqual(outages(1));
    expect(outages(1)).not.toEqual(outages(2));
    expect(Math.max(...outages(1))).toBeGreaterThan(3 * 3_600_000);
    expect(linkProfiles.map(({ name }) => name)).toEqual(["perfect", "rural", "flaky", "dead"]);
  });
});

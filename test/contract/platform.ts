import { expect, it } from "vitest";

/** What test/fixtures/platform printed on an engine, by the name of the line. */
export type PlatformLines = ReadonlyMap<string, string>;

/** What every port of an engine keeps to, but for its buses (buses.ts) and slots (slot-store.ts). */
export function platformContract(lines: () => PlatformLines): void {
  const line = (name: string): string => lines().get(name) ?? `no line "${name}"`;

  it("files are written whole, read whole or in pieces, replaced and erased", () => {
    expect(line("file missing")).toBe("none 0");
    expect(line("file written")).toBe("true");
    expect(line("file read")).toBe("1,2,3,255,0,6");
    expect(line("file pieces")).toBe("1,2,3,255 0,6");
    expect(line("file replaced")).toBe("true 9");
    expect(line("file erased")).toBe("none");
  });

  it("flash is erased to ones, and written by clearing bits", () => {
    expect(line("flash erased")).toBe("255,255,255,255");
    expect(line("flash bits are only cleared")).toBe("48,1,2,1");
    expect(line("flash erased again")).toBe("255,255,255,255");
  });

  it("the native loops compute what their interface says", () => {
    expect(line("convolve")).toBe(String(7 - 2 * 4 + 3 * 5));
    expect(line("mapInPlace")).toBe("127,0,2");
    expect(line("affine")).toBe("10.5,200.25,30.5,400.25");
    expect(line("clamped")).toBe("255,0,7");
    expect(line("allocate")).toBe("48 0,0,0");
  });

  it("SHA-256 is that of FIPS 180-4", () => {
    expect(line("sha256 of abc")).toBe("186,120,22,191,143,1,207,234");
  });

  it("timers run once, in order, and not when cancelled; time goes on, also over a sleep", () => {
    expect(line("timers")).toMatch(/^(at once,first|first,at once),second$/);
    expect(line("time passes")).toBe("true");
    expect(line("an epoch goes on")).toBe("true");
  });

  it("a connection opens later, carries bytes in order, drains, and tells nothing after it was closed", () => {
    expect(line("sent and received")).toBe("300 true");
    expect(line("connection")).toMatch(/^open(,drain)?$/);
    expect(line("closed by the other side")).toBe('no line "closed by the other side"');
  });

  it("a connection that nobody wants is told once, and not thrown", () => {
    expect(line("nobody listens")).toMatch(/^1 /);
  });

  it("memory, reset reason, supply, watchdog, scripts and crashes are as told", () => {
    expect(line("free memory")).toBe("true");
    expect(line("reset reason")).toBe("0");
    expect([line("supply"), line("supply as measured")]).toEqual(["0", "3300"]);
    expect(line("reading of nobody")).toBe("NaN");
    expect(line("a script evaluated from a file")).toBe("3");
    expect(line("crash")).toBe("true");
    expect(line("end")).toBe("true");
  });
}

import type { GuestPart } from "./guest.js";

/** `E`: the loops that Espruino runs in C, conversions, watchdog, reboot, error flags. And one method of Graphics. */
export const primitivesPart: GuestPart = (root, host, kit) => {
  const flags: string[] = [];
  // One answer for every buffer: QuickJS keeps each of them in one piece, and nothing reads memory by address here.
  const SOME_ADDRESS = 0x3ffb0000;

  const flatten = (values: unknown[]): Uint8Array => {
    const bytes: number[] = [];
    for (const value of values) {
      if (typeof value === "number") bytes.push(value & 255);
      else bytes.push(...kit.bytesOf(value));
    }
    return Uint8Array.from(bytes);
  };
  const unsigned = (from: ArrayLike<number>): number =>
    from instanceof Int8Array ? 0xff : from instanceof Int16Array ? 0xffff : from instanceof Int32Array ? -1 : 0;

  const E = kit.emitter({
    convolve(a: ArrayLike<number>, b: ArrayLike<number>, offset: number) {
      const length = b.length;
      let at = (offset | 0) % length;
      if (at < 0) at += length;
      let sum = 0;
      for (let i = 0; i < a.length; i++) {
        sum += a[i]! * b[at]!;
        if (++at === length) at = 0;
      }
      return sum;
    },
    CRC32: (data: unknown) => host.crc32(kit.bytesOf(data).buffer as ArrayBuffer),
    mapInPlace(from: ArrayLike<number>, to: number[], map: unknown) {
      const mask = unsigned(from);
      for (let i = 0; i < from.length; i++) {
        const value = mask > 0 ? from[i]! & mask : mask < 0 ? from[i]! >>> 0 : from[i]!;
        to[i] =
          typeof map === "function"
            ? (map as (value: number, index: number) => number)(value, i)
            : ((map as ArrayLike<number>)[value] ?? 0);
      }
    },
    sum(values: ArrayLike<number>) {
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += values[i]!;
      return sum;
    },
    variance(values: ArrayLike<number>, mean: number) {
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += (values[i]! - mean) * (values[i]! - mean);
      return sum;
    },
    clip: (value: number, min: number, max: number) => Math.max(min, Math.min(max, value)),
    getAddressOf: () => SOME_ADDRESS,
    toString: (...values: unknown[]) => kit.textOf(flatten(values)),
    toUint8Array: (...values: unknown[]) => flatten(values),
    toArrayBuffer: (text: unknown) => kit.bytesOf(text).buffer,
    // Espruino's generators are seeded at compile time: the same numbers after every start, on every device.
    hwRand: () => (Math.random() * 4294967296) | 0,
    enableWatchdog: (timeoutSec: unknown, isAuto: unknown) =>
      host.watchdog(Number(timeoutSec), isAuto === undefined || Boolean(isAuto)),
    kickWatchdog: () => host.kick(),
    getErrorFlags: () => flags.splice(0),
    getTemperature: () => NaN,
    defrag: () => undefined,
    reboot: () => {
      E.emit("kill");
      host.reboot();
    },
  });
  root["E"] = E;
  root["load"] = () => {
    E.emit("kill");
    host.reboot();
  };
  kit.entries["init"] = () => {
    E.emit("init");
    if (typeof root["onInit"] === "function") kit.guard(root["onInit"] as () => void);
  };
  kit.entries["errorFlag"] = (flag: string) => {
    flags.push(flag);
    E.emit("errorFlag", [flag]);
  };

  let state = 0x2545f491;
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };

  root["Graphics"] = {
    createArrayBuffer: () => ({
      transformVertices(values: ArrayLike<number>, m: number[]) {
        const out: number[] = [];
        for (let i = 0; i + 1 < values.length; i += 2) {
          const x = values[i]!;
          const y = values[i + 1]!;
          out.push(x * m[0]! + y * m[2]! + m[4]!, x * m[1]! + y * m[3]! + m[5]!);
        }
        return out;
      },
    }),
  };

  /** Espruino's clamping array cuts numbers toward zero where the standard rounds them. */
  function cuttingArray(): typeof Uint8ClampedArray {
    class Cutting extends Uint8ClampedArray {
      override set(values: ArrayLike<number>, offset?: number): void {
        super.set(Array.from(values, Math.trunc), offset);
      }
    }
    const access: ProxyHandler<Cutting> = {
      set: (target, index, value: number) => Reflect.set(target, index, Math.trunc(value)),
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    };
    return new Proxy(Cutting, { construct: (target, values) => new Proxy(Reflect.construct(target, values), access) });
  }
  root["Uint8ClampedArray"] = cuttingArray();

  // Espruino gives every ArrayBuffer a length: code that takes a length for the mark of an array must fail here too.
  Object.defineProperty(ArrayBuffer.prototype, "length", {
    get(this: ArrayBuffer) {
      return this.byteLength;
    },
  });
};

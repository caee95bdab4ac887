import fc from "fast-check";
import { expect, test } from "vitest";
import { jitterSeed, bootIncarnation } from "../../lib/app/identity.js";
import { configure, type Provisioning, readProvisioning } from "../../lib/app/provisioning.js";
import { CborWriter } from "../../lib/core/cbor-writer.js";
import { DeviceError } from "../../lib/core/device-error.js";
import { AckMode } from "../../lib/uplink/delivery.js";

type Field = [number, string | number | Uint8Array];

function file(fields: Field[]): ArrayBuffer {
  const writer = new CborWriter(new Uint8Array(512));
  writer.map(fields.length);
  for (const [key, value] of fields) {
    writer.number(key);
    if (typeof value === "string") writer.text(value);
    else if (typeof value === "number") writer.number(value);
    else writer.byteString(value, 0, value.length);
  }
  return writer.bytes.slice(0, writer.length).buffer;
}

const FIELDS: Field[] = [
  [0, 1],
  [1, "orchard7"],
  [2, 0xfedcba98],
  [3, "broker.example"],
  [4, 8883],
  [5, "secret"],
  [6, new Uint8Array([1, 2, 3])],
  [7, "farm"],
  [8, "wifi-secret"],
  [9, 1],
  [77, "from a later version"],
];

function codeOf(run: () => unknown): number {
  try {
    run();
  } catch (error) {
    return (error as DeviceError).code;
  }
  return 0;
}

test("reads every field and passes over keys of later versions", () => {
  expect(readProvisioning(file(FIELDS))).toEqual({
    device: "orchard7",
    incarnation: 0xfedcba98,
    host: "broker.example",
    port: 8883,
    network: "farm",
    networkPassword: "wifi-secret",
    password: "secret",
    key: new Uint8Array([1, 2, 3]),
    ackMode: AckMode.COLLECTOR,
    updateSequence: 0,
  });
});

test("a configuration takes the place of network and broker, and of nothing else", () => {
  const provisioning = readProvisioning(file(FIELDS));
  const changed = (fields: Field[], extra = 0): Provisioning | undefined => {
    const bytes = new Uint8Array(file([[0, 1], ...fields]));
    const slot = new Uint8Array(bytes.length + extra).fill(0xff);
    slot.set(bytes);
    const copy = { ...provisioning };
    return configure(copy, slot.buffer, bytes.length) ? copy : undefined;
  };
  expect(changed([])).toEqual(provisioning);
  expect(
    changed(
      [
        [3, "other"],
        [4, 1884],
        [5, "new"],
      ],
      40,
    ),
  ).toMatchObject({ host: "other", port: 1884, password: "new" });
  expect(
    changed([
      [7, "barn"],
      [8, "secret22"],
    ]),
  ).toMatchObject({ network: "barn", networkPassword: "secret22" });
  expect(changed([[7, "open"]])).toMatchObject({ network: "open", networkPassword: "", host: "broker.example" });
  expect(
    changed([
      [1, "thief"],
      [2, 7],
      [6, new Uint8Array(32)],
    ]),
  ).toEqual(provisioning);
  expect(changed([[4, "no port"]])).toBeUndefined();
  expect(configure(provisioning, new Uint8Array(8).fill(0xff).buffer, 8)).toBe(false);
  expect(provisioning).toEqual(readProvisioning(file(FIELDS)));
});

test("what is missing or wrong is refused with its code", () => {
  const without = (key: number): ArrayBuffer => file(FIELDS.filter(([other]) => other !== key));
  expect(codeOf(() => readProvisioning(undefined))).toBe(502);
  expect(codeOf(() => readProvisioning(without(3)))).toBe(502);
  expect(codeOf(() => readProvisioning(without(1)))).toBe(502);
  expect(codeOf(() => readProvisioning(without(0)))).toBe(504);
  expect(codeOf(() => readProvisioning(file([[0, 2]])))).toBe(504);
  expect(codeOf(() => readProvisioning(file(FIELDS).slice(0, 40)))).toBe(503);
  expect(
    codeOf(() =>
      readProvisioning(
        file([
          [0, 1],
          [3, 7],
        ]),
      ),
    ),
  ).toBe(503);
  expect(
    codeOf(() =>
      readProvisioning(
        file([
          [0, 1],
          [6, "text"],
        ]),
      ),
    ),
  ).toBe(503);
});

test("hostile files give a DeviceError or a valid result, nothing else", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(199), fc.nat(255), (noise, at, byte) => {
      const changed = new Uint8Array(file(FIELDS));
      changed[at % changed.length] = byte;
      for (const bytes of [noise, changed]) {
        try {
          readProvisioning(bytes.slice().buffer);
        } catch (error) {
          expect(error).toBeInstanceOf(DeviceError);
        }
      }
    }),
  );
});

test("seeds and incarnations differ between devices, boots and keys", () => {
  const device = (id: string, key: number[]): Provisioning =>
    Object.assign(readProvisioning(file(FIELDS)), { device: id, key: new Uint8Array(key) });
  const seeds = new Set<number>();
  for (const id of ["a", "b", "orchard7"]) {
    for (const key of [[], [1], [2]]) for (const boots of [1, 2, 3]) seeds.add(jitterSeed(device(id, key), boots));
  }
  expect(seeds.size).toBe(27);
  const incarnations = [1, 2, 3].flatMap((boots) => [7, 8].map((given) => bootIncarnation(given, boots)));
  expect(new Set(incarnations).size).toBe(6);
});

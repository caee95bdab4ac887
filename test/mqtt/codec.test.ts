import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeviceError } from "../../lib/core/device-error.js";
import { ErrorCode } from "../../lib/core/error-code.js";
import { encodeConnect } from "../../lib/mqtt/connect.js";
import type { MqttOptions } from "../../lib/mqtt/options.js";
import { encodePublish } from "../../lib/mqtt/publish.js";
import { OPTIONS } from "./options.js";
import { packetsOf, readPublish, text, u16 } from "./packets.js";

const ascii = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    minLength,
    maxLength,
  });
const topics = ascii(1, 60).filter((topic) => !/[+#]/.test(topic));

const options: MqttOptions = { ...OPTIONS, clientId: "dev1", username: "ana", password: "secret", keepAliveSec: 60 };

function connectBytes(changed: Partial<MqttOptions> = {}, size = 400): number[] {
  const into = new Uint8Array(size);
  return [...into.subarray(0, encodeConnect({ ...options, ...changed }, into))];
}

/** The code of the error that a CONNECT ends with. */
function refusal(changed: Partial<MqttOptions>, size = 400): number {
  try {
    connectBytes(changed, size);
  } catch (error) {
    return (error as DeviceError).code;
  }
  return ErrorCode.OK;
}

describe("CONNECT", () => {
  it("[MQTT-3.1.3-1] [MQTT-3.1.3-3] [MQTT-3.1.2-9] [MQTT-3.1.2-14] has client id, will topic, will message, user and password in this order", () => {
    const body = [...text("MQTT"), 4, 0x80 | 0x40 | 0x20 | 0x08 | 0x04, 0, 60];
    const payload = [...text("dev1"), ...text("s/will"), ...u16(3), 1, 0, 255, ...text("ana"), ...text("secret")];
    expect(packetsOf(connectBytes())).toEqual([{ first: 0x10, body: [...body, ...payload] }]);
  });

  it("[MQTT-3.1.2-4] asks for a persistent session", () => {
    expect(connectBytes()[9]! & 3).toBe(0);
  });

  it("[MQTT-3.1.2-19] [MQTT-3.1.2-21] carries user and password as its flags say, an empty password too", () => {
    const [one] = packetsOf(connectBytes({ password: "" }));
    expect(one!.body[7]! & 0xc0).toBe(0xc0);
    expect(one!.body.slice(-7)).toEqual([...text("ana"), ...text("")]);
  });

  it("[MQTT-3.1.3-4] [MQTT-3.1.3-10] [MQTT-3.1.3-11] refuses text that it cannot write as UTF-8", () => {
    expect(refusal({ clientId: "é" })).toBe(ErrorCode.DEVICE_ID_INVALID);
    expect(refusal({ username: "\0" })).toBe(ErrorCode.DEVICE_ID_INVALID);
    for (const topic of ["s/ü", "s/#", ""]) {
      expect(refusal({ will: { ...OPTIONS.will, topic } })).toBe(ErrorCode.DEVICE_ID_INVALID);
    }
  });

  it("is refused where it does not fit, at every size", () => {
    const whole = connectBytes();
    for (let size = 0; size < whole.length; size++) expect(refusal({}, size)).toBe(ErrorCode.MQTT_PACKET_TOO_BIG);
    expect(connectBytes({}, whole.length)).toEqual(whole);
  });

  it("has a remaining length of two bytes where it is long", () => {
    const bytes = connectBytes({ password: "p".repeat(200) });
    expect(packetsOf(bytes)).toHaveLength(1);
    expect(bytes.slice(-202)).toEqual(text("p".repeat(200)));
  });
});

describe("PUBLISH", () => {
  it("[MQTT-3.3.2-1] [MQTT-2.3.1-5] [MQTT-3.3.1-2] is read back as written, QoS 0 without a packet id or DUP", () => {
    fc.assert(
      fc.property(
        topics,
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(0, 1),
        fc.boolean(),
        fc.integer({ min: 1, max: 65535 }),
        (topic, payload, qos, retain, id) => {
          const into = new Uint8Array(400);
          const length = encodePublish(into, topic, payload, payload.length, qos as 0 | 1, retain, id);
          const [one, ...more] = packetsOf([...into.subarray(0, length)]);
          expect(more).toEqual([]);
          const wanted = { topic, id: qos * id, payload: [...payload], qos, dup: false, retain };
          expect(readPublish(one!)).toEqual(wanted);
        },
      ),
    );
  });

  it("sends the first `length` bytes of a longer buffer that is a view", () => {
    const payload = new Uint8Array(Uint8Array.of(9, 9, 1, 2, 3).buffer, 2, 3);
    const into = new Uint8Array(20);
    const length = encodePublish(into, "a", payload, 2, 0, false, 0);
    expect([...into.subarray(0, length)]).toEqual([0x30, 5, 0, 1, 97, 1, 2]);
  });

  it("[MQTT-3.3.2-2] [MQTT-4.7.1-1] [MQTT-4.7.3-1] [MQTT-4.7.3-2] [MQTT-1.5.3-1] refuses wildcards, an empty topic, U+0000 and what is not ASCII", () => {
    for (const topic of ["", "+", "a/#", "a+b", "a\0", "ação", "\ud800"]) {
      const code = encodePublish(new Uint8Array(50), topic, new Uint8Array(0), 0, 1, false, 1);
      expect(code).toBe(-ErrorCode.MQTT_TOPIC_INVALID);
    }
  });

  it("fits to the byte, and never writes past the end", () => {
    fc.assert(
      fc.property(topics, fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 300 }), (topic, length, size) => {
        const whole = encodePublish(new Uint8Array(400), topic, new Uint8Array(length), length, 1, false, 1);
        const code = encodePublish(new Uint8Array(size), topic, new Uint8Array(length), length, 1, false, 1);
        expect(code).toBe(size < whole ? -ErrorCode.MQTT_PACKET_TOO_BIG : whole);
      }),
    );
  });

  it("[MQTT-4.7.3-3] refuses a topic that its length field cannot hold", () => {
    // No buffer is longer.
    const into = new Uint8Array(65_535);
    const code = encodePublish(into, "a".repeat(65_536), new Uint8Array(0), 0, 0, false, 0);
    expect(code).toBe(-ErrorCode.MQTT_PACKET_TOO_BIG);
    expect(encodePublish(into, "a".repeat(65_529), new Uint8Array(0), 0, 0, false, 0)).toBe(65_535);
  });
});

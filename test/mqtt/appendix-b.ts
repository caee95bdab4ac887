/**
 * The 141 numbered statements of MQTT 3.1.1, Appendix B, by section: how many there are, and which of them bind a broker
 * alone, or a feature that this client does not have. The rest bind this client.
 */
interface Section {
  readonly count: number;
  readonly broker?: readonly number[];
  /** Number of the statement to the feature that it is about. */
  readonly absent?: Readonly<Record<number, string>>;
}

const QOS_2 = "QoS 2";
const UNSUBSCRIBE = "UNSUBSCRIBE";
const BARE_CONNECT = "a CONNECT without will, user name or password";
const WILDCARDS = "wildcards in filters";
const WEBSOCKET = "WebSocket";

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

export const SECTIONS: Readonly<Record<string, Section>> = {
  "1.5.3": { count: 3 },
  "2.2.2": { count: 2 },
  "2.3.1": { count: 7, broker: [4, 7] },
  "3.1.0": { count: 2 },
  "3.1.2": {
    count: 24,
    broker: [1, 2, 3, 5, 7, 8, 10, 12, 16, 17, 24],
    absent: {
      6: "cleanSession 1",
      11: BARE_CONNECT,
      13: BARE_CONNECT,
      15: BARE_CONNECT,
      18: BARE_CONNECT,
      20: BARE_CONNECT,
      22: BARE_CONNECT,
    },
  },
  "3.1.3": { count: 11, broker: [5, 6, 8, 9] },
  "3.1.4": { count: 5, broker: upTo(5) },
  "3.2.0": { count: 1 },
  "3.2.2": { count: 6, broker: upTo(6) },
  "3.3.1": { count: 12, broker: [3, 5, 6, 7, 8, 9, 10, 11, 12] },
  "3.3.2": { count: 3, broker: [3] },
  "3.3.4": { count: 1 },
  "3.3.5": { count: 2, broker: [1, 2] },
  "3.6.1": { count: 1, absent: { 1: QOS_2 } },
  "3.8.1": { count: 1 },
  "3.8.3": { count: 4, broker: [2] },
  "3.8.4": { count: 6, broker: upTo(6) },
  "3.9.3": { count: 2, broker: [1] },
  "3.10.1": { count: 1, absent: { 1: UNSUBSCRIBE } },
  "3.10.3": { count: 2, absent: { 1: UNSUBSCRIBE, 2: UNSUBSCRIBE } },
  "3.10.4": { count: 6, broker: upTo(6) },
  "3.12.4": { count: 1, broker: [1] },
  "3.14.1": { count: 1, broker: [1] },
  "3.14.4": { count: 3, broker: [3] },
  "4.1.0": { count: 2 },
  "4.3.1": { count: 1 },
  "4.3.2": { count: 2 },
  "4.3.3": { count: 2, absent: { 1: QOS_2, 2: QOS_2 } },
  "4.4.0": { count: 1 },
  "4.5.0": { count: 2, broker: [1] },
  "4.6.0": { count: 6, broker: [5, 6], absent: { 3: QOS_2, 4: QOS_2 } },
  "4.7.1": { count: 3, absent: { 2: WILDCARDS, 3: WILDCARDS } },
  "4.7.2": { count: 1, broker: [1] },
  "4.7.3": { count: 4, broker: [4] },
  "4.8.0": { count: 2 },
  "6.0.0": { count: 4, absent: { 1: WEBSOCKET, 2: WEBSOCKET, 3: WEBSOCKET, 4: WEBSOCKET } },
  "7.0.0": { count: 2, broker: [1] },
  "7.1.1": { count: 1, broker: [1] },
  "7.1.2": { count: 1 },
};

/** The statements that bind this client. */
export const BINDING: readonly string[] = Object.entries(SECTIONS).flatMap(([section, { count, broker, absent }]) =>
  upTo(count)
    .filter((number) => !(broker ?? []).includes(number) && absent?.[number] === undefined)
    .map((number) => `MQTT-${section}-${number}`),
);

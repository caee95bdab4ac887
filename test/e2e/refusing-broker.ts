import { type AddressInfo, createServer, type Server } from "node:net";

const CONNACK_NOT_AUTHORISED = [0x20, 2, 0, 5];
const CONNACK_ACCEPTED = [0x20, 2, 0, 0];
const CONNECT = 1;
const SUBSCRIBE = 8;
const SUBACK = 0x90;
const FAILURE = 0x80;

/** A broker that says no: to every login, or to every subscription. */
export class RefusingBroker {
  readonly #server: Server;

  private constructor(refuses: "logins" | "subscriptions") {
    this.#server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", (bytes) => {
        const type = bytes[0]! >> 4;
        if (type === CONNECT) {
          socket.write(Uint8Array.from(refuses === "logins" ? CONNACK_NOT_AUTHORISED : CONNACK_ACCEPTED));
        } else if (type === SUBSCRIBE) socket.write(refusal(bytes));
      });
    });
  }

  static async start(refuses: "logins" | "subscriptions"): Promise<RefusingBroker> {
    const broker = new RefusingBroker(refuses);
    await new Promise<void>((resolve) => broker.#server.listen(0, "127.0.0.1", resolve));
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
  }
}

/** SUBACK with a failure for each filter (MQTT 3.1.1 §3.9). */
function refusal(subscribe: Buffer): Uint8Array {
  let at = 1;
  while (subscribe[at]! > 127) at++;
  at++;
  const packetId = [subscribe[at]!, subscribe[at + 1]!];
  const codes: number[] = [];
  for (at += 2; at < subscribe.length; at += 2 + subscribe.readUInt16BE(at) + 1) codes.push(FAILURE);
  return Uint8Array.from([SUBACK, 2 + codes.length, ...packetId, ...codes]);
}

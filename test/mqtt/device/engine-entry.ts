// Runs on the engines: a client on a scripted transport and clock. Prints every event as one line that begins with "#".
import type { Clock } from "../../../lib/hal/clock.js";
import type { Connection, ConnectionEvents, Transport } from "../../../lib/hal/transport.js";
import { MqttClient } from "../../../lib/mqtt/client.js";

declare const print: ((line: string) => void) | undefined;
declare const console: { log(line: string): void };

function say(line: string): void {
  if (typeof print === "function") print("#" + line);
  else console.log("#" + line);
}

function hex(bytes: Uint8Array, start: number, end: number): string {
  const digits = "0123456789abcdef";
  let text = "";
  for (let i = start; i < end; i++) text += digits.charAt(bytes[i]! >> 4) + digits.charAt(bytes[i]! & 15);
  return text;
}

const time = { now: 0, at: 0, id: 0, run: function (): void {} };

const clock: Clock = {
  nowMs: function () {
    return time.now;
  },
  after: function (delayMs, run) {
    time.at = time.now + delayMs;
    time.run = run;
    return ++time.id;
  },
  cancel: function () {
    time.run = function (): void {};
  },
};

const link: { events?: ConnectionEvents; undrained: number } = { undrained: 0 };

const transport: Transport = {
  open: function (host, port, events): Connection {
    say("open " + host + ":" + port);
    link.events = events;
    link.undrained = 0;
    return {
      write: function (bytes, length) {
        if (++link.undrained > 1) say("two writes");
        say("> " + hex(bytes, 0, length));
      },
      close: function () {
        say("close");
        link.undrained = 0;
      },
    };
  },
};

const client = new MqttClient(
  transport,
  clock,
  {
    host: "broker",
    port: 1883,
    clientId: "dev1",
    username: "dev1",
    password: "secret",
    will: { topic: "s/dev1/status", payload: new Uint8Array([162, 0, 1, 1, 0]) },
    keepAliveSec: 120,
    maxPacketBytes: 200,
    maxReceiveBytes: 200,
    timeoutMs: 30000,
    retry: { minMs: 5000, maxMs: 600000 },
    maxInFlight: 2,
    jitterSeed: 1234567,
  },
  {
    onConnected: function (sessionPresent) {
      say("connected " + sessionPresent);
    },
    onClosed: function (code) {
      say("closed " + code + " " + Math.floor(time.now));
    },
    onPublished: function (token) {
      say("published " + token);
    },
    onSubscribeRefused: function (filter) {
      say("refused " + filter);
    },
  },
);

function drain(): void {
  while (link.undrained > 0) {
    link.undrained = 0;
    link.events!.onDrain();
  }
}

/** Bytes from the broker, in pieces of `size`. */
function data(bytes: number[], size: number): void {
  for (let at = 0; at < bytes.length; at += size) {
    const piece: number[] = [];
    for (let i = at; i < at + size && i < bytes.length; i++) piece.push(bytes[i]!);
    link.events!.onData(new Uint8Array(piece));
  }
  drain();
}

function passMs(ms: number): void {
  const until = time.now + ms;
  for (let i = 0; i < 50 && time.at <= until; i++) {
    const run = time.run;
    if (time.at > time.now) time.now = time.at;
    time.at = 9e15;
    time.run = function (): void {};
    run();
    drain();
  }
  time.now = until;
}

client.subscribe("d/x/time", 1, function (topic, payload, start, end) {
  say(topic + " " + hex(payload, start, end));
});
client.subscribe("bad", 0, function () {
  say("handler of bad");
  throw new Error("handler");
});
time.at = 9e15;
client.start();
link.events!.onOpen();
drain();
data([0x20, 2, 0, 0], 1);
data([0x90, 3, 255, 255, 1], 3);
data([0x90, 3, 255, 255, 0x80], 3);
const payload = new Uint8Array([1, 2, 3, 250, 251]);
say("token " + client.publish("s/a", payload, 5, 1, false));
say("token " + client.publish("s/b", payload, 2, 1, true));
say("token " + client.publish("s/c", payload, 1, 0, false));
drain();
data([0x40, 2, 0, 1], 2);
say("token " + client.publish("s/d", payload, 1, 0, false));
drain();
// QoS 1 in pieces, then whole with two packets in one.
data([0x32, 13, 0, 8, 100, 47, 120, 47, 116, 105, 109, 101, 0, 9, 77], 4);
data([0x30, 6, 0, 3, 98, 97, 100, 1, 0x30, 6, 0, 1, 122, 1, 2, 3], 99);
data([0x40, 2, 0, 2], 1);
passMs(110000);
data([0xd0, 0], 1);
say("token " + client.publish("s/e", payload, 5, 1, false));
drain();
link.events!.onClose();
passMs(10000);
// The session is there: the message comes again with DUP. Then a malformed packet, and a refusal.
link.events!.onOpen();
drain();
data([0x20, 2, 1, 0], 2);
data([0x31, 2, 0, 9], 1);
passMs(20000);
link.events!.onOpen();
drain();
data([0x20, 2, 0, 5], 4);
say("sent " + client.bytesSent);
client.stop();

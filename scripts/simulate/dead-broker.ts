import { ConnectionSchedule, type ConnectionRule } from "../../lib/app/connection-schedule.js";
import type { Clock } from "../../lib/hal/clock.js";
import type { Connection, Transport } from "../../lib/hal/transport.js";
import { MqttClient } from "../../lib/mqtt/client.js";
import { Scheduler, type Cancel } from "./clock/scheduler.js";

/** How a broker that is down answers an attempt to connect. */
export type Silence = "refuses" | "silent";

/** What a day without a broker costs a device. */
export interface DeadDay {
  readonly attempts: number;
  /** Seconds in which a connection was being opened. */
  readonly openingSec: number;
  /** Seconds in which the radio must be on: the connection windows, or all the day. */
  readonly radioSec: number;
}

const DAY_MS = 86_400_000;
/** A refused attempt takes this long: a round trip over a slow network. */
const REFUSAL_MS = 1000;

/**
 * Lets the device's own client and connection schedule run for a day against a broker that is down.
 * @param alarm true where an alarm waits all day
 */
export function deadDay(rule: ConnectionRule, silence: Silence, alarm: boolean): DeadDay {
  const scheduler = new Scheduler();
  const clock = schedulerClock(scheduler);
  const transport = new DeadTransport(scheduler, silence);
  const options = {
    host: "broker.example",
    port: 1883,
    clientId: "dev1",
    username: "dev1",
    password: "",
    will: { topic: "sertao/v1/dev1/status", payload: new Uint8Array(5) },
    keepAliveSec: 900,
    maxPacketBytes: 256,
    maxReceiveBytes: 256,
    maxInFlight: 1,
    timeoutMs: 30_000,
    retry: { minMs: 5000, maxMs: 600_000 },
    jitterSeed: 1,
  };
  const ignore = (): void => undefined;
  const listener = { onConnected: ignore, onClosed: ignore, onPublished: ignore, onSubscribeRefused: ignore };
  const client = new MqttClient(transport, clock, options, listener);
  let radioMs = 0;
  let onSinceMs = NaN;
  const watched = Object.create(client, {
    start: {
      value: () => {
        onSinceMs = scheduler.nowMs;
        client.start();
      },
    },
    stop: {
      value: () => {
        radioMs += scheduler.nowMs - onSinceMs;
        onSinceMs = NaN;
        client.stop();
      },
    },
  }) as MqttClient;
  const schedule = new ConnectionSchedule(
    clock,
    rule,
    watched,
    undefined,
    () => false,
    () => alarm,
  );
  schedule.start();
  while (scheduler.step(DAY_MS));
  if (!Number.isNaN(onSinceMs)) radioMs += DAY_MS - onSinceMs;
  return { attempts: transport.attempts, openingSec: transport.openMs / 1000, radioSec: radioMs / 1000 };
}

function schedulerClock(scheduler: Scheduler): Clock {
  const timers = new Map<number, Cancel>();
  return {
    nowMs: () => scheduler.nowMs,
    after(delayMs, run) {
      const id = timers.size + 1;
      timers.set(id, scheduler.after(delayMs, run));
      return id;
    },
    cancel: (id) => timers.get(id)?.(),
  };
}

/** Connections that nobody answers, or that are refused. */
class DeadTransport implements Transport {
  attempts = 0;
  openMs = 0;

  constructor(
    private readonly _scheduler: Scheduler,
    private readonly _silence: Silence,
  ) {}

  open(_host: string, _port: number, events: Parameters<Transport["open"]>[2]): Connection {
    const began = this._scheduler.nowMs;
    const refusal =
      this._silence === "refuses" ? this._scheduler.after(REFUSAL_MS, () => events.onClose()) : () => undefined;
    this.attempts++;
    return {
      write: () => undefined,
      close: () => {
        refusal();
        this.openMs += this._scheduler.nowMs - began;
      },
    };
  }
}

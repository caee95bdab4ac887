import { ErrorCode } from "../core/error-code.js";
import { NEVER, State, type ClientState } from "./state.js";

/** When something is due next; `_due` then says what. */
export function deadline(client: ClientState): number {
  if (client._state !== State.CONNECTED) return client._until;
  const patience = client._responseMs;
  const pinged = client._pingedAt < NEVER;
  // A tenth of the keep-alive is left for timers that run late [MQTT-3.1.2-23].
  let at = client._keepAliveSec ? Math.min(client._writtenAt, client._heardAt) + client._keepAliveSec * 900 : NEVER;
  if (pinged) at = client._pingedAt + patience;
  client._due = pinged ? ErrorCode.MQTT_PING_TIMEOUT : ErrorCode.OK;
  if (client._owed && client._progressAt + patience < at) {
    at = client._progressAt + patience;
    client._due = ErrorCode.MQTT_ACK_TIMEOUT;
  }
  if (client._writing && client._writtenAt + patience <= at) {
    at = client._writtenAt + patience;
    client._due = ErrorCode.MQTT_WRITE_STALLED;
  }
  return at;
}

/** Keeps one timer, which runs no later than the deadline; where it runs early, it is set again. */
export function arm(client: ClientState): void {
  const at = deadline(client);
  if (client._timer && (client._timerAt > at || at >= NEVER)) {
    client._clock.cancel(client._timer);
    client._timer = 0;
  }
  if (client._timer || at >= NEVER) return;
  client._timerAt = at;
  client._timer = client._clock.after(Math.max(0, at - client._clock.nowMs()), client._onTimer);
}

/** Something that the broker must answer is about to be sent: its time begins, unless it owes an answer already. */
export function expectAnswer(client: ClientState): void {
  if (!client._owed++) client._progressAt = client._clock.nowMs();
}

/** An answer that the broker owed has come: it gets time anew for the next. */
export function answered(client: ClientState): void {
  client._owed--;
  client._progressAt = client._heardAt;
}

import { NEVER, State, type ClientState } from "./state.js";

/** Sees that the timer runs no later than the next deadline; where it runs early, it is set again then. */
export function arm(client: ClientState): void {
  const { keepAliveSec } = client._options;
  if (client._state === State.CONNECTED && !client._pinged && keepAliveSec) {
    // A tenth of the keep-alive is left for timers that run late [MQTT-3.1.2-23].
    client._until = Math.min(client._writtenAt, client._heardAt) + keepAliveSec * 900;
  }
  const at = Math.min(client._until, client._drainBy, client._answerBy);
  if (at >= client._timerAt) return;
  disarm(client);
  client._timerAt = at;
  client._timer = client._clock.after(Math.max(0, at - client._clock.nowMs()), client._onTimer);
}

export function disarm(client: ClientState): void {
  client._clock.cancel(client._timer);
  client._timerAt = NEVER;
}

/** Something that the broker must answer is sent: its time begins, unless the broker owes an answer already. */
export function expectAnswer(client: ClientState): void {
  if (!client._owed++) client._answerBy = client._clock.nowMs() + client._options.timeoutMs;
}

/** An answer that the broker owed has come: it gets time anew for the next. */
export function answered(client: ClientState): void {
  client._answerBy = --client._owed ? client._heardAt + client._options.timeoutMs : NEVER;
}

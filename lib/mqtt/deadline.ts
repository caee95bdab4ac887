import { NEVER, State, type ClientState } from "./state.js";

/** Sets the timer for the next deadline. */
export function arm(client: ClientState): void {
  const { keepAliveSec } = client._options;
  if (client._state === State.CONNECTED && !client._pinged && keepAliveSec) {
    // A tenth of the keep-alive is left for timers that run late [MQTT-3.1.2-23].
    client._until = Math.min(client._writtenAt, client._heardAt) + keepAliveSec * 900;
  }
  const at = Math.min(client._until, client._drainBy, client._answerBy);
  client._clock.cancel(client._timer);
  if (at < NEVER) client._timer = client._clock.after(at - client._clock.nowMs(), client._onTimer);
}

/** While the broker owes PUBACKs or a SUBACK, the next one must come in its time, counted from `sinceMs`. */
export function expectAnswer(client: ClientState, sinceMs: number): void {
  client._answerBy = client._sent || client._asking ? sinceMs + client._options.timeoutMs : NEVER;
}

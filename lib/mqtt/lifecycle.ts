import type { ErrorCode } from "../core/error-code.js";
import { nextWaitMs } from "./backoff.js";
import { arm } from "./deadline.js";
import { rewind } from "./in-flight-window.js";
import { Shift } from "./packet-reader.js";
import { NEVER, State, type ClientState } from "./state.js";

/** A connection that lasted this long ends the backoff. */
const STABLE_MS = 60000;

/** The one place where the state changes. */
export function enter(client: ClientState, state: State, until: number): void {
  client._state = state;
  client._until = until;
  arm(client);
}

/** There is no connection: nothing of one remains but the session. */
export function forget(client: ClientState): void {
  client._connection = undefined;
  client._asking = client._pinged = false;
  client._controlLength = 0;
  client._shift = Shift.FIRST_BYTE;
  client._drainBy = client._answerBy = client._connectedAt = NEVER;
  rewind(client);
  enter(client, State.STOPPED, NEVER);
}

/** The attempt or connection is over. */
export function end(client: ClientState, code: ErrorCode): void {
  const now = client._clock.nowMs();
  const again = code && client._state !== State.CLOSING;
  if (client._connection) client._connection.close();
  if (now - client._connectedAt >= STABLE_MS) client._rangeMs = 0;
  forget(client);
  if (again) enter(client, State.WAITING, now + nextWaitMs(client, client._options.retry));
  client._listener.onClosed(code);
}

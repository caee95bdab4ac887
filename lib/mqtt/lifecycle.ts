import { ErrorCode } from "../core/error-code.js";
import { nextWaitMs } from "./backoff.js";
import { arm } from "./deadline.js";
import { rewind } from "./in-flight-window.js";
import { orElse } from "./options.js";
import { NEVER, State, type ClientState } from "./state.js";

/** The one place where the state changes. It ends after `forMs` for the reason `due`; OK: the next step follows. */
export function enter(client: ClientState, state: State, forMs: number, due: ErrorCode): void {
  client._state = state;
  client._until = client._clock.nowMs() + forMs;
  client._due = due;
  arm(client);
}

/** The attempt or connection is over: nothing of it remains but the session. */
export function end(client: ClientState, code: ErrorCode): void {
  const from = client._state;
  if (client._connection) client._connection.close();
  client._connection = undefined;
  client._writing = false;
  client._controlLength = client._owed = 0;
  rewind(client._window);
  const lastedMs = client._clock.nowMs() - client._connectedAt;
  if (lastedMs >= orElse(client._options.stableMs, 60000)) client._backoff._rangeMs = 0;
  client._connectedAt = NEVER;
  if (from === State.OPENING || from === State.CONNECTING) client._statistics.failedAttempts++;
  if (!code || from === State.CLOSING) enter(client, State.STOPPED, NEVER, ErrorCode.OK);
  else enter(client, State.WAITING, nextWaitMs(client._backoff), ErrorCode.OK);
  client._listener.onClosed(code);
}

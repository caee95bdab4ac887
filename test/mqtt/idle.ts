import type { MqttClient } from "../../lib/mqtt/client.js";
import { NEVER } from "../../lib/mqtt/state.js";

/** True when nothing is unwritten and the broker owes no acknowledgement. */
export function idle(client: MqttClient): boolean {
  const unasked = client.connected() && client._answered < client._subscriptions.length;
  return !(client._count || client._drainBy < NEVER || client._controlLength || client._asking || unasked);
}

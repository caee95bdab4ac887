import { isDeviceId } from "../../../lib/uplink/topics.js";

/** True where a device may publish to the topic or subscribe to the filter: `sertao/v1/%u/#`, and nothing else. */
export function mayUse(device: string, topic: string): boolean {
  const own = `sertao/v1/${device}/`;
  return isDeviceId(device) && topic.startsWith(own) && topic.length > own.length;
}

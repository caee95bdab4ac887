import type { DeviceUpdate } from "../store/update-store.js";

/**
 * The update that a device is offered now. The lowest that it does not have comes first, so that of two companions the
 * other follows; where it has all, the last one stays until the device has settled it.
 * @param updates of one device, by sequence
 */
export function chooseOffer(updates: readonly DeviceUpdate[]): DeviceUpdate | undefined {
  return updates.find(({ phase }) => phase === "open") ?? updates.findLast(({ phase }) => phase === "fetched");
}

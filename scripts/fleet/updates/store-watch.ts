import type { UpdateStore } from "../store/update-store.js";

/** How often the store is looked at for what other programs have changed. */
const WATCH_MS = 1000;

/**
 * Calls back when another program has changed the store. It does not keep the process alive.
 * @returns ends it
 */
export function watchStore(store: UpdateStore, changed: () => void, failed: (error: unknown) => void): () => void {
  let known = store.changes();
  const timer = setInterval(() => {
    try {
      const changes = store.changes();
      if (changes !== known) changed();
      known = changes;
    } catch (error) {
      failed(error);
    }
  }, WATCH_MS).unref();
  return () => clearInterval(timer);
}

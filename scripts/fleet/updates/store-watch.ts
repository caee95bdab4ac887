import type { UpdateStore } from "../store/update-store.js";

/** How often the store is looked at for what other programs have changed. */
const WATCH_MS = 1000;

/** What a watch tells, and asks. */
export interface WatchHooks {
  /** Another program has changed the store, or the last time has to be made up for. */
  changed(): void;
  /** True where it has to. */
  isBehind(): boolean;
  failed(error: unknown): void;
}

/**
 * Looks for changes of a store. It does not keep the process alive.
 * @returns ends it
 */
export function watchStore(store: UpdateStore, hooks: WatchHooks): () => void {
  let known = store.changes();
  const timer = setInterval(() => {
    try {
      const changes = store.changes();
      if (changes !== known || hooks.isBehind()) hooks.changed();
      known = changes;
    } catch (error) {
      hooks.failed(error);
    }
  }, WATCH_MS).unref();
  return () => clearInterval(timer);
}

/** What is known of one epoch. Times in milliseconds since 1970. */
export interface EpochFacts {
  /** The latest it can have begun: the least of `receivedAt - sentAtSec` over its messages. */
  readonly latestStart: number;
  /** The greatest age in seconds that any of its messages tells. */
  readonly ageSec: number;
  /** A time at which it surely ran: a connection that carried its status was open. */
  readonly aliveAt: number | null;
}

/** The bounds of an epoch's beginning; `earliest` is null where nothing came before. */
export interface EpochBounds {
  readonly earliest: number | null;
  readonly latest: number;
}

/**
 * Bounds the beginning of each epoch of one device, given in their order (docs/protocol.md, "Time"). An epoch begins
 * no earlier than the one before it ended, and ends no later than the next one can have begun. Assumes that the
 * device's clock runs true; where the collector's clock jumped, `earliest` may come out after `latest`.
 */
export function placeEpochs(epochs: readonly EpochFacts[]): EpochBounds[] {
  const latest: number[] = [];
  let nextLatest = Infinity;
  for (const epoch of epochs.toReversed()) {
    nextLatest = Math.min(epoch.latestStart, nextLatest - epoch.ageSec * 1000);
    latest.unshift(nextLatest);
  }
  let floor: number | null = null;
  return epochs.map((epoch, index) => {
    const earliest = floor;
    const ended = earliest === null ? -Infinity : earliest + epoch.ageSec * 1000;
    const known = Math.max(ended, epoch.aliveAt ?? -Infinity);
    if (known > -Infinity) floor = known;
    return { earliest, latest: latest[index]! };
  });
}

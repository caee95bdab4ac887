import type { LinkPhase } from "../link/profile.js";
import type { Tally } from "../tally.js";

/** What there is to see at one moment. */
export interface Scene {
  readonly nowMs: number;
  readonly endMs: number;
  readonly tally: Tally;
  readonly links: readonly { readonly device: string; readonly state: LinkPhase["state"] }[];
  /** The last result that arrived, in words. */
  readonly last: string;
}

/** Shows a run while it goes on. */
export interface View {
  linkChanged(device: string, atMs: number, state: LinkPhase["state"]): void;
  show(scene: Scene): void;
  /** The last scene stays; nothing follows. */
  end(scene: Scene): void;
}

/** "day 2 07:30" of a run that began at midnight. */
export function runTime(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `day ${Math.floor(minutes / 1440) + 1} ${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}

/** What the network is like for a while. */
export interface LinkPhase {
  readonly state: "up" | "flaky" | "down";
  /** Lasts between these, minutes, evenly drawn. */
  readonly minutes: readonly [number, number];
  /** How often it comes, against the other phases. */
  readonly weight: number;
  /** One way, milliseconds, drawn for each piece of a stream; pieces keep their order. */
  readonly latencyMs: readonly [number, number];
  /** Mean time between cuts of all connections; 0 for none. */
  readonly cutMinutes: number;
}

/** A kind of network. */
export interface LinkProfile {
  readonly name: string;
  readonly title: string;
  readonly phases: readonly LinkPhase[];
  /** An attempt to connect fails after this long without an answer. */
  readonly connectTimeoutMs: number;
}

const GOOD = { latencyMs: [80, 800], cutMinutes: 0 } as const;

/** Every profile, by name. */
export const linkProfiles: readonly LinkProfile[] = [
  {
    name: "perfect",
    title: "always up, 20 ms",
    phases: [{ state: "up", minutes: [60, 60], weight: 1, latencyMs: [20, 20], cutMinutes: 0 }],
    connectTimeoutMs: 10_000,
  },
  {
    name: "rural",
    title: "outages of hours, flaky hours, 80 to 800 ms, cut without warning",
    phases: [
      { state: "up", minutes: [20, 300], weight: 3, ...GOOD },
      { state: "flaky", minutes: [15, 150], weight: 2, latencyMs: [200, 4000], cutMinutes: 4 },
      { state: "down", minutes: [10, 60], weight: 2, ...GOOD },
      { state: "down", minutes: [120, 720], weight: 2, ...GOOD },
    ],
    connectTimeoutMs: 18_000,
  },
  {
    name: "flaky",
    title: "up and down every few minutes, cut every two",
    phases: [
      { state: "flaky", minutes: [2, 20], weight: 3, latencyMs: [80, 2500], cutMinutes: 2 },
      { state: "down", minutes: [1, 10], weight: 2, ...GOOD },
    ],
    connectTimeoutMs: 18_000,
  },
  {
    name: "dead",
    title: "never up before the end of the run",
    phases: [{ state: "down", minutes: [1440, 1440], weight: 1, ...GOOD }],
    connectTimeoutMs: 18_000,
  },
];

export function findLinkProfile(name: string): LinkProfile | undefined {
  return linkProfiles.find((profile) => profile.name === name);
}

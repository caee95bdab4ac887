import type { ConnectionRule } from "../../lib/app/connection-schedule.js";
import { deadDay, type Silence } from "../simulate/dead-broker.js";
import { markdownTable } from "./table.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const RULES: readonly (readonly [name: string, rule: ConnectionRule])[] = [
  ["always connected", { everyMs: 0, windowMs: 0, alarmEveryMs: 0 }],
  ["every 15 min, window 1 min", { everyMs: 15 * MINUTE_MS, windowMs: MINUTE_MS, alarmEveryMs: 5 * MINUTE_MS }],
  ["every 2 h, window 4 min", { everyMs: 2 * HOUR_MS, windowMs: 4 * MINUTE_MS, alarmEveryMs: 10 * MINUTE_MS }],
  ["every 12 h, window 4 min", { everyMs: 12 * HOUR_MS, windowMs: 4 * MINUTE_MS, alarmEveryMs: HOUR_MS }],
];

/** A day without a broker, by policy: attempts, and seconds that the radio is on. */
export function batteryTable(): string {
  const rows = RULES.flatMap(([name, rule]) =>
    ([false, true] as const)
      .filter((alarm) => !alarm || rule.everyMs > 0)
      .map((alarm) => {
        const cells = (["refuses", "silent"] satisfies Silence[]).flatMap((silence) => {
          const { attempts, radioSec } = deadDay(rule, silence, alarm);
          return [String(attempts), radioSec.toFixed(0)];
        });
        return [name, alarm ? `yes, every ${rule.alarmEveryMs / MINUTE_MS} min` : "no", ...cells];
      }),
  );
  const head = ["connection", "alarm waits", "refused: attempts", "radio on, s", "silent: attempts", "radio on, s"];
  return markdownTable(head, rows);
}

import type { SoakOutcome } from "./soak.js";

const number = (value: number): string => Math.round(value).toLocaleString("en-US");
const one = (value: number): string => value.toFixed(1);

/** What a soak came to, for a reader. */
export function reportText(outcome: SoakOutcome): string {
  const { air, faults, made, stored } = outcome;
  const each = (bytes: number): string => one(bytes / Math.max(1, stored));
  const rows: [string, string][] = [
    ["results made", number(made)],
    ["delivered", `${number(stored)} stored once${faults.outOfOrder === 0 ? ", in order" : ""}`],
    ["repeats dropped", number(outcome.repeats)],
    ["evicted", number(outcome.evicted)],
    ["lost", number(faults.lost)],
    ...optional("still waiting", outcome.waiting),
    ...optional("in conflict", outcome.conflicts),
    ...optional("refused messages", outcome.refused),
    ...optional("never made", faults.invented),
    ...optional("altered", faults.altered),
    ...optional("after a later one", faults.outOfOrder),
    ...optional("wrong time bounds", faults.misplaced),
    ["bytes per result", `${each(air.results + air.puback)} of PUBLISH and PUBACK, repeats included`],
    ["", `apart: status ${each(air.status)}, CONNECT ${each(air.connect)}, SUBSCRIBE ${each(air.subscribe)}`],
    ["", `       ping ${each(air.ping)}, messages to the device ${each(air.down)}`],
    ["messages", `${number(outcome.messages)} sent, ${one(made / Math.max(1, outcome.messages))} results in each`],
    ["reconnections", number(outcome.reconnections)],
    ["power cuts", `${number(outcome.powerCuts)}, each within a flash operation`],
    ...optional("processes killed", outcome.kills),
    ["wall time", `${one(outcome.wallMs / 1000)} s for ${one(outcome.virtualMs / 3_600_000)} h`],
    ["trace", outcome.traceHash.slice(0, 16)],
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(20)}${value}\n`).join("");
}

function optional(name: string, value: number): [string, string][] {
  return value === 0 ? [] : [[name, number(value)]];
}

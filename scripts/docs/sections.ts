import { boards, type Board } from "../../boards/index.js";
import type { Topic } from "../../lib/uplink/topics.js";
import * as topics from "../../lib/uplink/topics.js";
import { ENGINE_RULES } from "../bundle/dialect/engines.js";
import { SOURCE_RULES } from "../bundle/source-rules/inspect-sources.js";
import { powerText, sleepText } from "../cli/power-text.js";
import { deviceErrors } from "../errors/device.js";
import { batteryTable } from "./battery-table.js";
import { driverCatalogue } from "../simulate/parts/driver-catalogue.js";
import { hostErrors } from "./host-errors.js";
import { sleepWearTable } from "./sleep-wear-table.js";
import { markdownTable } from "./table.js";

/** A part of a document that the sources write: its file, the name in its marks, its text. */
export interface GeneratedSection {
  readonly file: string;
  readonly name: string;
  readonly text: string;
}

/** All generated parts. A new one is a function below and a line here; the document holds the marks. */
export async function generatedSections(): Promise<GeneratedSection[]> {
  return [
    { file: "docs/protocol.md", name: "topics", text: topicTable() },
    { file: "docs/boards.md", name: "boards", text: boardTable() },
    { file: "docs/boards.md", name: "board details", text: boards.map(boardDetails).join("\n\n") },
    { file: "docs/sensors.md", name: "drivers", text: driverTable() },
    { file: "docs/sensors.md", name: "driver details", text: driverDetails() },
    { file: "docs/bundle.md", name: "rules", text: ruleTable() },
    { file: "docs/power.md", name: "dead broker", text: batteryTable() },
    { file: "docs/power.md", name: "sleep wear", text: sleepWearTable() },
    { file: "docs/power.md", name: "currents", text: currentsTable() },
    { file: "docs/errors.md", name: "host errors", text: await hostErrorTables() },
    { file: "docs/errors.md", name: "device errors", text: deviceErrorTable() },
  ];
}

function topicTable(): string {
  // Sorted, because module namespaces have no order of their own to rely on.
  const all = Object.values(topics)
    .filter((value): value is Topic => typeof value === "object" && "direction" in value)
    .sort((a, b) => b.direction.localeCompare(a.direction) || a.name.localeCompare(b.name));
  return markdownTable(
    ["topic", "direction", "QoS", "retained", "greatest size, bytes"],
    all.map(({ name, direction, qos, retain, maxBytes }) => [
      `\`${name}\``,
      direction,
      String(qos),
      retain ? "yes" : "no",
      String(maxBytes),
    ]),
  );
}

function boardTable(): string {
  return markdownTable(
    ["board", "chip", "JsVars", "Storage", "outbox", "budgets: bundle, pack, JsVars"],
    boards.map(({ id, chip, jsVars, storage, freeRegions, budgets }) => {
      const outbox = freeRegions.find(({ name }) => name === "outbox");
      return [
        `\`${id}\``,
        chip,
        `${jsVars.count} × ${jsVars.bytesEach} B`,
        `${(storage.pageBytes * storage.pages) / 1024} KB at ${hex(storage.address)}`,
        outbox === undefined ? "in memory" : `${outbox.pages} pages at ${hex(outbox.address)}`,
        `${budgets.bundleBytes} B, ${budgets.packBytes} B, ${budgets.jsVars}`,
      ];
    }),
  );
}

/** Milliamperes by state, of the boards whose chip says so. */
function currentsTable(): string {
  const cell = (milliamps: number | undefined): string => (milliamps === undefined ? "" : String(milliamps));
  return markdownTable(
    ["board", "V", "deep sleep", "light sleep", "active", "receive", "transmit"],
    boards.flatMap(({ id, power }) => {
      if (typeof power === "string") return [];
      const { volts, deepSleepMilliamps, lightSleepMilliamps, activeMilliamps } = power;
      const states = [deepSleepMilliamps, lightSleepMilliamps, activeMilliamps, power.receiveMilliamps];
      return [[`\`${id}\``, String(volts), ...states.map(cell), cell(power.transmitMilliamps)]];
    }),
  );
}

function boardDetails(board: Board): string {
  const buses = board.buses.map(
    ({ name, pins, busHz }) =>
      `${name} (${Object.entries(pins)
        .map(([signal, pin]) => `${signal} ${pin}`)
        .join(", ")}; ${busHz} Hz)`,
  );
  return [
    `### \`${board.id}\`: ${board.title}`,
    `- Has: ${board.modules.join(", ")}.`,
    `- Lacks: ${board.lacks.map(({ name, why }) => `${name} (${why})`).join("; ")}.`,
    ...(board.pins.length > 0 ? [`- Pins: ${board.pins.join(", ")}.`] : []),
    ...(board.bootPins ? [`- Of these, with a part in starting the chip: ${board.bootPins.join(", ")}.`] : []),
    ...(board.pins.length > 0 ? [`- Voltages: ${board.analogPins.join(", ") || "none, with this firmware"}.`] : []),
    ...(board.unwatchablePins.length > 0 ? [`- Not for pulses: ${board.unwatchablePins.join(", ")}.`] : []),
    ...(buses.length > 0 ? [`- Buses: ${buses.join("; ")}.`] : []),
    `- Current: ${powerText(board)}.`,
    `- Deep sleep: ${sleepText(board)}.`,
    `- Sources: ${board.sources.join("; ")}.`,
  ]
    .join("\n")
    .replace("\n", "\n\n");
}

function driverTable(): string {
  return markdownTable(
    ["driver", "part", "bus", "channels", "conversion"],
    driverCatalogue.map(({ facts, driver, isOpenEnded }) => [
      `\`${facts.driver}\``,
      facts.part,
      facts.bus,
      driver.channels
        .map(({ name, unit, min, max }) => `${name} (${unit}${isOpenEnded ? "" : `, ${min} to ${max}`})`)
        .join("; "),
      `${driver.conversionMs} ms`,
    ]),
  );
}

function driverDetails(): string {
  return driverCatalogue
    .map(({ facts: { driver, energy, datasheet, blindTo } }) => {
      const charge = energy && (energy.activeMicroamps * energy.activeMs) / 1000;
      return [
        `- \`${driver}\`: from ${datasheet}.`,
        ...(energy === undefined
          ? []
          : [
              `A reading takes ${energy.activeMicroamps} µA for ${energy.activeMs} ms, ` +
                `${Number(charge!.toPrecision(2))} µC; ${energy.idleMicroamps} µA between (${energy.source}).`,
            ]),
        `Cannot see: ${blindTo}.`,
      ].join(" ");
    })
    .join("\n");
}

function ruleTable(): string {
  const rules = new Map<string, { reason: string; remedy: string; engines: string[]; warns: boolean }>();
  const add = (engine: string, name: string, reason: string, remedy: string, warns: boolean): void => {
    const known = rules.get(name) ?? { reason, remedy, engines: [], warns };
    known.engines.push(engine);
    rules.set(name, known);
  };
  for (const [engine, list] of Object.entries(ENGINE_RULES))
    for (const { name, reason, remedy, level } of list) add(engine, name, reason, remedy, level === "warn");
  for (const { name, reason, remedy, engines } of SOURCE_RULES)
    for (const engine of engines) add(engine, name, reason, remedy, false);
  return markdownTable(
    ["rule", "engines", "why", "instead"],
    [...rules].map(([name, { reason, remedy, engines, warns }]) => [
      name + (warns ? " (warning)" : ""),
      engines.join(", "),
      reason,
      remedy,
    ]),
  );
}

async function hostErrorTables(): Promise<string> {
  const areas = await hostErrors();
  return areas
    .map(({ area, kinds }) => {
      const rows = kinds.map(({ code, when, remedy }) => [`\`${code}\``, when, remedy]);
      return `### ${area}\n\n${markdownTable(["code", "when", "what to do"], rows)}`;
    })
    .join("\n\n");
}

function deviceErrorTable(): string {
  return markdownTable(
    ["number", "name", "cause", "what to do"],
    deviceErrors.map(({ code, name, cause, remedy }) => [String(code), `\`${name}\``, cause, remedy]),
  );
}

function hex(address: number): string {
  return `0x${address.toString(16)}`;
}

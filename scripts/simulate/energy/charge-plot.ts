import type { PowerFigures } from "../../../boards/board.js";
import { svgPlot, type Series } from "../../train/svg-plot.js";
import { DUTY_STATES, type DutyState } from "./duty-meter.js";

const HOUR_MS = 3_600_000;
const COLOURS: Readonly<Record<DutyState, string>> = {
  sleep: "#1b7837",
  boot: "#762a83",
  sense: "#2166ac",
  infer: "#b2182b",
  awake: "#d6a300",
  radio: "#e08214",
  off: "#888888",
};

/** The charge that each state has taken until a day, as an SVG image. Sending counts as listening; parts are not in it. */
export function chargePlot(
  title: string,
  power: PowerFigures,
  days: readonly Readonly<Record<DutyState, number>>[],
): string {
  const milliamps: Readonly<Record<DutyState, number>> = {
    off: 0,
    sleep: power.deepSleepMilliamps ?? power.activeMilliamps,
    boot: power.activeMilliamps,
    sense: power.activeMilliamps,
    infer: power.activeMilliamps,
    awake: power.activeMilliamps,
    radio: power.receiveMilliamps ?? power.activeMilliamps,
  };
  const series = DUTY_STATES.filter((state) => state !== "off").map((state): Series => {
    let sum = 0;
    const points = days.map((day, index): [number, number] => {
      sum += (day[state] * milliamps[state]) / HOUR_MS;
      return [index + 1, sum];
    });
    return { name: state, colour: COLOURS[state], points: [[0, 0], ...points] };
  });
  const most = Math.max(...series.map(({ points }) => points.at(-1)![1]));
  return svgPlot({
    title,
    xLabel: "days",
    yLabel: "mAh",
    xRange: [0, Math.max(1, days.length)],
    yRange: [0, most > 0 ? most : 1],
    series: series.filter(({ points }) => points.at(-1)![1] > 0),
  });
}

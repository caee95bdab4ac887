import type { CpuName } from "../../../boards/board.js";

/** Three figures of an estimate: it is not known better than that. */
export interface Range {
  readonly low: number;
  readonly mid: number;
  readonly high: number;
}

/** How fast a chip executes. */
export interface Chip {
  readonly title: string;
  readonly clockHz: number;
  /** Cycles for each instruction as counted on ARM: of an interpreter that runs from flash, and of its tight loops in C. */
  readonly cyclesPerInstruction: { readonly interpreter: Range; readonly loops: Range };
}

function range(low: number, mid: number, high: number): Range {
  return { low, mid, high };
}

/** The chips whose figures are known: from published results of MicroPython, Dhrystone and CoreMark. */
export const CHIPS: Readonly<Record<CpuName, Chip>> = {
  esp32: {
    title: "ESP32",
    clockHz: 240e6,
    cyclesPerInstruction: { interpreter: range(2.0, 3.2, 7.0), loops: range(1.8, 2.2, 3.0) },
  },
  esp32c3: {
    title: "ESP32-C3",
    clockHz: 160e6,
    cyclesPerInstruction: { interpreter: range(1.5, 2.1, 4.0), loops: range(1.2, 1.7, 2.4) },
  },
  nrf52840: {
    title: "nRF52840",
    clockHz: 64e6,
    cyclesPerInstruction: { interpreter: range(1.8, 2.1, 2.6), loops: range(1.4, 1.8, 2.3) },
  },
};

/** What is said beside every figure that comes from here. */
export const ESTIMATE_SOURCE =
  "estimated, not measured: instructions as counted on 32-bit ARM builds of Espruino 2v29, cycles for each from " +
  "published MicroPython, Dhrystone and CoreMark results of the chip";

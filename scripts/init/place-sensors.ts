import type { Board } from "../../boards/board.js";
import { initNoPlace, initSensorUnknown, initSensorsClash } from "../errors/init.js";
import { sensorChoices, type PlaceKind, type SensorChoice } from "./sensor-choices.js";

/** A sensor and the bus or pin it gets. */
export interface PlacedSensor {
  readonly choice: SensorChoice;
  readonly place: string;
}

/**
 * Finds buses and pins of a board for sensors, in the order of the board's lists.
 * @param names of sensor choices
 * @throws SertaoError INIT_SENSOR_UNKNOWN, INIT_SENSORS_CLASH or INIT_NO_PLACE
 */
export function placeSensors(board: Board, names: readonly string[]): PlacedSensor[] {
  const choices = names.map((name) => {
    const choice = sensorChoices.find(({ id }) => id === name);
    if (choice === undefined) throw initSensorUnknown(name, sensorChoices.map(({ id }) => id).join(", "));
    return choice;
  });
  refuseRepeats(choices);
  const taken = new Set(board.buses.flatMap(({ pins }) => Object.values(pins)));
  return choices.map((choice) => {
    if (choice.kind === "none") return { choice, place: "" };
    const place = placesOf(board, choice.kind).find((name) => choice.kind === "i2c" || !taken.has(name));
    if (place === undefined) throw initNoPlace(choice.id, board.id, NEEDS[choice.kind]);
    taken.add(place);
    return { choice, place };
  });
}

const NEEDS: Record<Exclude<PlaceKind, "none">, string> = {
  i2c: "I2C bus",
  pin: "free pin",
  counter: "free pin that counts pulses",
  analog: "free analog pin",
};

function placesOf(board: Board, kind: keyof typeof NEEDS): readonly string[] {
  if (kind === "i2c") return board.buses.filter((bus) => bus.kind === "i2c").map(({ name }) => name);
  if (kind === "analog") return byHarm(board, board.analogPins);
  // Pins that read voltages are kept for those that need them.
  const digital = byHarm(
    board,
    [...board.pins].sort((a, b) => +isIn(board.analogPins, a) - +isIn(board.analogPins, b)),
  );
  return kind === "pin" ? digital : digital.filter((pin) => !isIn(board.unwatchablePins, pin));
}

/** Pins with a part in starting the chip come last. */
function byHarm({ bootPins = [] }: Board, pins: readonly string[]): string[] {
  return [...pins].sort((a, b) => +isIn(bootPins, a) - +isIn(bootPins, b));
}

function isIn(pins: readonly string[], pin: string): boolean {
  return pins.includes(pin);
}

/** A window has one value for each channel name, so no two sensors may give the same. */
function refuseRepeats(choices: readonly SensorChoice[]): void {
  const givers = new Map<string, string>();
  for (const { id, channels } of choices) {
    for (const { name } of channels) {
      const other = givers.get(name);
      if (other !== undefined) throw initSensorsClash(other, id, name);
      givers.set(name, id);
    }
  }
}

import { ErrorCode } from "../../lib/core/error-code.js";
import { text, type DeviceErrorText } from "./device-text.js";

/** Codes of sensors, buses and pins, in their order. */
export const sensorErrors: readonly DeviceErrorText[] = [
  text(
    ErrorCode.SENSOR_FAILED,
    "SENSOR_FAILED",
    "A sensor gave no reading. The others go on.",
    "Check its wiring and supply.",
  ),
  text(
    ErrorCode.SENSOR_OUT_OF_RANGE,
    "SENSOR_OUT_OF_RANGE",
    "A reading lies outside the range that the sensor can measure; it was dropped.",
    "Check the sensor, or the range in the application.",
  ),
  text(
    ErrorCode.SAMPLE_MISSED,
    "SAMPLE_MISSED",
    "A sample was due while the device was busy.",
    "Sample less often, or step long inferences.",
  ),
  text(
    ErrorCode.MODEL_MISSING,
    "MODEL_MISSING",
    "The device's storage holds no model pack.",
    "Upload application and model together.",
  ),
  text(
    ErrorCode.OUT_OF_MEMORY,
    "OUT_OF_MEMORY",
    "The engine's memory is used up.",
    "Make the arena or the outbox smaller; `sertao build` estimates what is needed.",
  ),
  text(
    ErrorCode.BUS_NO_ACK,
    "BUS_NO_ACK",
    "Nobody on the bus answered: the part is missing, has another address, or is busy.",
    "Check its plug, supply and address.",
  ),
  text(
    ErrorCode.BUS_STUCK,
    "BUS_STUCK",
    "A line of the bus is held low, so nothing can be said on it.",
    "Look for a short or a missing pull-up; cut the supply of the parts on that bus.",
  ),
  text(
    ErrorCode.BUS_TIMEOUT,
    "BUS_TIMEOUT",
    "The bus did not become free in time; engines that cannot tell more report a stuck bus so.",
    "Look for a short or a missing pull-up; cut the supply of the parts on that bus.",
  ),
  text(
    ErrorCode.BUS_FAILED,
    "BUS_FAILED",
    "The engine refused a transfer on a bus, or gave fewer bytes than were asked for.",
    "Check the bus and its pins in the board's file.",
  ),
  text(
    ErrorCode.SENSOR_CHECKSUM,
    "SENSOR_CHECKSUM",
    "What a sensor sent does not fit its checksum.",
    "Shorten the cable, lower the bus's speed, or move it away from what disturbs it.",
  ),
  text(
    ErrorCode.SENSOR_UNKNOWN,
    "SENSOR_UNKNOWN",
    "The part at that address is another than the driver's.",
    "Check what is wired; a BMP280 is often sold as a BME280.",
  ),
  text(
    ErrorCode.SENSOR_BUSY,
    "SENSOR_BUSY",
    "A sensor had not finished its measurement when it was read.",
    "None needed once. If it stays, the part is not to its datasheet.",
  ),
  text(
    ErrorCode.SENSOR_RESTARTED,
    "SENSOR_RESTARTED",
    "A sensor lost its supply since it was set up; the reading was dropped and the sensor set up again.",
    "If it comes back, look for a loose contact.",
  ),
  text(
    ErrorCode.SENSOR_WARMING_UP,
    "SENSOR_WARMING_UP",
    "A sensor was opened too short a while ago for its readings to mean anything.",
    "None needed: it ends by itself.",
  ),
  text(
    ErrorCode.PIN_UNUSABLE,
    "PIN_UNUSABLE",
    "The firmware cannot do with a pin what the application asks of it.",
    "Take another of the board's pins; docs/sensors.md says which can do what.",
  ),
  text(
    ErrorCode.PULSES_LOST,
    "PULSES_LOST",
    "The engine's event queue overflowed, so the pulses since the last sample are not known.",
    "Let nothing block for long, lengthen the debounce time, or take a counter with fewer pulses.",
  ),
  text(
    ErrorCode.SAFE_MODE,
    "SAFE_MODE",
    "The application could not start, or ended soon after five starts in a row: the device samples nothing for an hour.",
    "Read the device's log and the other codes; send a model or an application that works.",
  ),
  text(
    ErrorCode.SLEEP_IMPOSSIBLE,
    "SLEEP_IMPOSSIBLE",
    "The application cannot sleep: 1 its connection stays open, 2 there is no flash for what must survive, 3 its window is too long for it, 4 the engine has no deep sleep.",
    "Meet the conditions in docs/power.md, or leave out `sleep`.",
  ),
  text(
    ErrorCode.SUPPLY_LOW,
    "SUPPLY_LOW",
    "The supply is too low for erasing flash: what does not fit the pages at hand is refused until it recovers.",
    "Charge or change the battery.",
  ),
];

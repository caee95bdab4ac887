import { sleepClockPpm } from "sertao:build";
import { DutyCycle } from "../../lib/app/duty-cycle.js";
import type { OpenSleep } from "../../lib/app/sleeper.js";

/** `sertao:sleep` of a board that can sleep deeply. */
export const deepSleep: OpenSleep = (platform, app, memory) => new DutyCycle(platform, app, memory, sleepClockPpm);

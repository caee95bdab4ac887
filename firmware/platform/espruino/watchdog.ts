import type { Watchdog } from "../../../lib/hal/watchdog.js";

/** A name look-up and a connection attempt block the interpreter, each for as long as lwIP tries: well below this. */
const BLOCKED_SEC = 600;

let enabledSec = 0;

/** Espruino's watchdog, fed by hand: a loop that goes round without the application is no sign of life. */
export const espruinoWatchdog: Watchdog = {
  enable: (timeoutSec) => {
    enabledSec = timeoutSec;
    E.enableWatchdog(timeoutSec, false);
  },
  feed: () => E.kickWatchdog(),
};

/** Runs what may block for long, under a wide watchdog where there is one. */
export function whileBlocked(run: () => void): void {
  if (enabledSec) E.enableWatchdog(BLOCKED_SEC, false);
  run();
  if (enabledSec) E.enableWatchdog(enabledSec, false);
}

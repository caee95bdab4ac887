import { settingsWear } from "../simulate/energy/settings-wear.js";
import { markdownTable } from "./table.js";

const MINUTE_MS = 60_000;
/** What flash of this kind is sold for (ESP32-C3 Series Datasheet v2.4, table 5-10). */
const ENDURANCE = 100_000;

/** The wear of the settings' pages by sleep, for some periods and numbers of channels. */
export function sleepWearTable(): string {
  const rows = [1, 4, 8].flatMap((channels) =>
    [1, 5, 15].map((minutes) => {
      const { bytesPerWake, erasesPerPageAndYear } = settingsWear(channels, minutes * MINUTE_MS);
      return [
        String(channels),
        `${minutes} min`,
        bytesPerWake.toFixed(0),
        erasesPerPageAndYear.toFixed(0),
        (ENDURANCE / erasesPerPageAndYear).toFixed(0),
      ];
    }),
  );
  return markdownTable(
    ["channels", "sampled every", "bytes a wake", "erases of each page a year", "years to 100,000"],
    rows,
  );
}

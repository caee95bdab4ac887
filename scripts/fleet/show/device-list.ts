const SHOWN = 5;

/** Devices in a sentence: "dev1, dev2", or with "and 7 more" where they are many. */
export function deviceList(devices: readonly string[]): string {
  const shown = devices.slice(0, SHOWN).join(", ");
  return devices.length > SHOWN ? `${shown} and ${devices.length - SHOWN} more` : shown;
}

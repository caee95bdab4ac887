import type { Board } from "./board.js";
import { esp32 } from "./esp32.js";
import { esp32c3 } from "./esp32c3.js";
import { esp32s3 } from "./esp32s3.js";
import { esp8266With4Mb } from "./esp8266-4mb.js";
import { espruinoWifi } from "./espruino-wifi.js";
import { linuxField } from "./linux-field.js";
import { linux } from "./linux.js";
import { pixljs } from "./pixljs.js";

export type { Board } from "./board.js";

/** Every board, in the order of the documents. A new one is a file here and a line below. */
export const boards: readonly Board[] = [
  esp32,
  esp32c3,
  esp32s3,
  esp8266With4Mb,
  espruinoWifi,
  pixljs,
  linux,
  linuxField,
];

/** The board of that name, or undefined. */
export function findBoard(id: string): Board | undefined {
  for (let i = 0; i < boards.length; i++) if (boards[i]!.id === id) return boards[i];
  return undefined;
}

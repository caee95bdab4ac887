import type { Board } from "../../../boards/index.js";
import { flashTooSmall, flashWrongChip } from "../../errors/flash.js";
import type { ChipLoader } from "./chip-loader.js";

const MEGABYTE = 1024 * 1024;

/**
 * Makes sure that the chip on the port is the board's and has the flash for it.
 * @returns bytes of flash
 * @throws SertaoError FLASH_WRONG_CHIP, FLASH_TOO_SMALL, FLASH_NOT_FOUND
 */
export async function checkChip(loader: Pick<ChipLoader, "chipName" | "flashBytes">, board: Board): Promise<number> {
  if (loader.chipName !== board.chip) throw flashWrongChip(loader.chipName, board.id, board.chip);
  const bytes = await loader.flashBytes();
  if (bytes < board.flashBytes) throw flashTooSmall(bytes / MEGABYTE, board.id, board.flashBytes / MEGABYTE);
  return bytes;
}

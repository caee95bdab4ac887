import { type Board, boards, findBoard } from "../../../boards/index.js";
import { boardUnknown } from "../../errors/board.js";

/** The board of that name. @throws SertaoError BOARD_UNKNOWN */
export function boardNamed(id: string): Board {
  const board = findBoard(id);
  if (board === undefined) throw boardUnknown(id, boards.map((known) => known.id).join(", "));
  return board;
}

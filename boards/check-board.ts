import type { Board, FlashRange } from "./board.js";

interface NamedRange extends FlashRange {
  readonly name: string;
}

/** Header of a file in Storage (Espruino: size and 28-byte name). */
const STORAGE_HEADER_BYTES = 32;

/** Contradictions in a board's data, one sentence each; none for a sound board. */
export function checkBoard(board: Board): string[] {
  const found: string[] = [];
  checkFlash(board, found);
  checkFirmware(board, found);
  checkPins(board, found);
  checkBudgets(board, found);
  if (board.backend === "tensorflow" && board.modules.indexOf("tensorflow") < 0)
    found.push("Its models run on tensorflow, which its firmware does not have.");
  return found;
}

function checkFlash(board: Board, found: string[]): void {
  const ranges: NamedRange[] = [named("Storage", board.storage)];
  for (let i = 0; i < board.freeRegions.length; i++) {
    const region = board.freeRegions[i]!;
    ranges.push(region);
    // What lib/flash asks of its pages.
    if (board.writeUnitBytes > 4 || board.rewritesPerWord < 2 || region.pageBytes < 512)
      found.push(region.name + ": a log needs pages of 512 bytes, units of 4 bytes at most, written twice.");
    const before = board.freeRegions[i - 1];
    if (before && (before.pageBytes !== region.pageBytes || region.address !== end(before)))
      found.push(region.name + " does not lie behind " + before.name + ", in pages of the same size.");
    if (region.pageBytes % board.writeUnitBytes !== 0)
      found.push(region.name + ": a page is not a whole number of write units.");
  }
  for (let i = 0; i < ranges.length; i++) {
    const range = ranges[i]!;
    if (range.pages < 1 || range.pageBytes < 1) found.push(range.name + " has no pages.");
    if ((range.address - board.flashAddress) % range.pageBytes !== 0)
      found.push(range.name + " does not begin on a page boundary.");
    if (range.address < board.flashAddress || end(range) > board.flashAddress + board.flashBytes)
      found.push(range.name + " reaches outside the flash.");
    for (let j = 0; j < i; j++) {
      const other = ranges[j]!;
      if (range.name === other.name) found.push("There are two regions named " + range.name + ".");
      if (range.address < end(other) && other.address < end(range))
        found.push(range.name + " overlaps " + other.name + ".");
    }
  }
}

/** The firmware's files lie on page boundaries, apart, and before what belongs to Storage and to the framework. */
function checkFirmware(board: Board, found: string[]): void {
  if (board.romLoading === undefined) return;
  const files = board.romLoading.files;
  let keptFrom = board.storage.address;
  for (let i = 0; i < board.freeRegions.length; i++) keptFrom = Math.min(keptFrom, board.freeRegions[i]!.address);
  for (let i = 0; i < files.length; i++) {
    const file = files[i]!;
    const part = "The " + file.part;
    if (file.address % board.storage.pageBytes !== 0) found.push(part + " does not begin on a page boundary.");
    if (i > 0 && file.address <= files[i - 1]!.address) found.push(part + " does not lie behind the one before.");
    if (file.address >= keptFrom) found.push(part + " lies where Storage or the framework keeps its own.");
  }
}

function checkPins(board: Board, found: string[]): void {
  const owner: { [pin: string]: string } = {};
  for (let i = 0; i < board.reservedPins.length; i++) {
    const pin = board.reservedPins[i]!;
    if (owner[pin.name] !== undefined) found.push("Pin " + pin.name + " is reserved twice.");
    owner[pin.name] = pin.why;
    if (board.pins.indexOf(pin.name) >= 0)
      found.push("Pin " + pin.name + " is both free and reserved (" + pin.why + ").");
  }
  for (let i = 0; i < board.pins.length; i++)
    if (board.pins.indexOf(board.pins[i]!) !== i) found.push("Pin " + board.pins[i] + " is listed twice.");
  const abilities = board.analogPins.concat(board.unwatchablePins, board.bootPins || []);
  for (let i = 0; i < abilities.length; i++)
    if (board.pins.indexOf(abilities[i]!) < 0)
      found.push("Pin " + abilities[i] + " is said to do something, and the board does not have it.");
  for (let i = 0; i < board.buses.length; i++) {
    const bus = board.buses[i]!;
    const signals = Object.keys(bus.pins);
    for (let j = 0; j < signals.length; j++) {
      const pin = bus.pins[signals[j]!]!;
      const taken = owner[pin];
      if (taken !== undefined) found.push(bus.name + " uses pin " + pin + ", which is taken (" + taken + ").");
      else if (board.pins.indexOf(pin) < 0)
        found.push(bus.name + " uses pin " + pin + ", which the board does not have.");
      owner[pin] = bus.name;
    }
  }
}

function checkBudgets(board: Board, found: string[]): void {
  const { bundleBytes, packBytes, jsVars } = board.budgets;
  const capacity = board.storage.pageBytes * board.storage.pages - 2 * STORAGE_HEADER_BYTES;
  if (bundleBytes + packBytes > capacity)
    found.push("Bundle and pack budgets (" + (bundleBytes + packBytes) + " bytes) exceed Storage (" + capacity + ").");
  if (jsVars > board.jsVars.count)
    found.push("The budget of " + jsVars + " JsVars exceeds the board's " + board.jsVars.count + ".");
  if (bundleBytes < 1 || packBytes < 1 || jsVars < 1) found.push("A budget is empty.");
}

function named(name: string, range: FlashRange): NamedRange {
  return { name, address: range.address, pageBytes: range.pageBytes, pages: range.pages };
}

function end(range: FlashRange): number {
  return range.address + range.pageBytes * range.pages;
}

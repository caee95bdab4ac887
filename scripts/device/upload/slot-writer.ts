import type { FlashRange } from "../../../boards/board.js";
import { uploadVerifyFailed } from "../../errors/upload.js";
import { FILLER_FILE, fillerBytes } from "../../simulate/flash/slot-layout.js";
import type { EspruinoConsole } from "../console/espruino-console.js";
import type { StorageFile } from "./device-files.js";

/** Where a file of whole pages lies in the flash. */
export interface PlacedSlot {
  readonly address: number;
  readonly bytes: number;
}

const TIMEOUT_MS = 120_000;
/** Storage of a device that has been in use for long is compacted page by page. */
const COMPACT_TIMEOUT_MS = 300_000;

/** Finds and makes slots in the Storage of a device whose application is stopped. */
export class SlotWriter {
  constructor(
    private readonly device: EspruinoConsole,
    private readonly range: FlashRange,
  ) {}

  get pageBytes(): number {
    return this.range.pageBytes;
  }

  /** Where these slots lie; those that share a page with another file, or are missing, are left out. */
  async find(names: readonly string[]): Promise<Map<string, PlacedSlot>> {
    if (names.length === 0) return new Map();
    const { address, pageBytes, pages } = this.range;
    // As the firmware walks: a file's header lies behind the file before, or at the start of the next page.
    const walk =
      `(function(n){var f=require("Flash"),a=${address},e=${address + pageBytes * pages},r=[],h,z,k,i;` +
      `while(a<e){h=f.read(32,a);z=h[0]|h[1]<<8|h[2]<<16;if((z|h[3])&&(z!=16777215||h[3]!=255)){` +
      `for(k="",i=4;i<32&&h[i];i++)k+=String.fromCharCode(h[i]);if(n.indexOf(k)>=0)r.push([k,a+32,z]);a=a+35+z&-4}` +
      `else if(a%${pageBytes})a+=${pageBytes}-a%${pageBytes};else break}return r})(${JSON.stringify(names)})`;
    const found = (await this.#evaluate(walk, "Looking for the slots")) as [string, number, number][];
    return new Map(
      found
        .filter(([, at, bytes]) => (at - address) % pageBytes === 0 && bytes % pageBytes === 0)
        .map(([name, at, bytes]) => [name, { address: at, bytes }]),
    );
  }

  /** Takes away what lies in the way, and moves the other files together. */
  async makeRoom(names: readonly string[]): Promise<void> {
    const gone = JSON.stringify([...names, FILLER_FILE]);
    await this.#evaluate(
      `(function(s,n){n.forEach(function(n){s.erase(n)});E.kickWatchdog();s.compact()})(require("Storage"),${gone})`,
      "Making room for the slots",
      COMPACT_TIMEOUT_MS,
    );
  }

  /** Makes an erased slot behind the last file. @throws SertaoError UPLOAD_VERIFY_FAILED */
  async make({ name, bytes }: StorageFile): Promise<PlacedSlot> {
    const { pageBytes, pages } = this.range;
    const free = Number(await this.#evaluate(`require("Storage").getStats().freeBytes`, "Making the slots"));
    const filler = fillerBytes(pageBytes * pages - free, pageBytes);
    const fill = filler === 0 ? "" : `s.write(${JSON.stringify(FILLER_FILE)},"\\xff",0,${filler});`;
    const clear = filler === 0 ? "" : `;s.erase(${JSON.stringify(FILLER_FILE)})`;
    await this.#evaluate(
      `(function(s){${fill}s.write(${JSON.stringify(name)},"\\xff",0,${bytes.length})${clear}})(require("Storage"))`,
      "Making the slots",
    );
    const made = (await this.find([name])).get(name);
    if (made === undefined || made.bytes !== bytes.length) throw uploadVerifyFailed(name);
    return made;
  }

  /** Erases the pages of a slot. */
  async clear({ address, bytes }: PlacedSlot): Promise<void> {
    const { pageBytes } = this.range;
    await this.#evaluate(
      `(function(f){for(var a=${address};a<${address + bytes};a+=${pageBytes}){E.kickWatchdog();f.erasePage(a)}})` +
        `(require("Flash"))`,
      "Erasing a slot",
    );
  }

  async #evaluate(expression: string, what: string, timeoutMs = TIMEOUT_MS): Promise<unknown> {
    return this.device.evaluateJson(`[${expression}]`, { what, timeoutMs }).then((value) => (value as unknown[])[0]);
  }
}

import { getStubJsonByChipName } from "esptool-js";

/** Programs loaded into the chip's memory by MEM_BEGIN and MEM_DATA. */
export class MemoryDownload {
  readonly #parts: { readonly address: number; bytes: Uint8Array }[] = [];

  begin(address: number): void {
    this.#parts.push({ address, bytes: new Uint8Array(0) });
  }

  /** @returns false without a beginning */
  take(data: Uint8Array): boolean {
    const part = this.#parts.at(-1);
    if (part === undefined) return false;
    part.bytes = Buffer.concat([part.bytes, data]);
    return true;
  }

  /** True where what was loaded is Espressif's stub for the chip, whole, and is entered where it begins. */
  async isStub(chip: string, entry: number): Promise<boolean> {
    const stub = await getStubJsonByChipName(chip);
    if (stub === undefined || entry !== stub.entry) return false;
    const wanted = [
      [stub.text_start, stub.decodedText],
      [stub.data_start, stub.decodedData],
    ] as const;
    return wanted.every(([address, bytes]) =>
      this.#parts.some((part) => part.address === address && Buffer.from(part.bytes).equals(bytes)),
    );
  }
}

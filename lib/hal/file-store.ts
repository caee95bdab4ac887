/** Named files: models, applications, provisioning. */
export interface FileStore {
  /** The file's bytes, in place where the hardware maps its flash; undefined where there is none. */
  read(name: string): ArrayBuffer | undefined;
  /**
   * The file's bytes in pieces of `pieceBytes`, in place as above, where an engine cannot reach further into one buffer;
   * none where there is no file.
   * @param bytes of the file's front; all of it where left out or 0
   */
  pieces(name: string, pieceBytes: number, bytes?: number): ArrayBuffer[];
  /** Creates or replaces a file; false where it did not fit. */
  write(name: string, bytes: Uint8Array): boolean;
  erase(name: string): void;
}

/**
 * Files among which some are slots: made by the host with pages of their own (docs/updates.md), erased and written where
 * they lie. Nothing is created, moved or compacted for it, so a power cut harms no other file.
 */
export interface SlotStore extends FileStore {
  /** CRC-32 of the first `bytes` bytes of a file, at least 1; -1 where it is missing or shorter. */
  check(name: string, bytes: number): number;
  /** Bytes of a slot; 0 where there is no such file, or it shares its pages. */
  slotBytes(name: string): number;
  /** Erases all bytes of a slot. Throws a DeviceError where the hardware refuses. */
  clearSlot(name: string): void;
  /**
   * Writes bytes of a slot, from a multiple of 4 on. Bits only go from 1 to 0: a write that a power cut tore is completed by
   * the same write again. Throws a DeviceError where the slot ends before.
   */
  writeSlot(name: string, at: number, bytes: Uint8Array): void;
}

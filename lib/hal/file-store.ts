/** Named files that are written once: models, application slots, provisioning. */
export interface FileStore {
  /** The file's bytes, in place where the hardware maps its flash; undefined where there is none. */
  read(name: string): ArrayBuffer | undefined;
  /**
   * The file's bytes in pieces of `pieceBytes`, in place as above, where an engine cannot reach further into one buffer;
   * none where there is no file.
   */
  pieces(name: string, pieceBytes: number): ArrayBuffer[];
  /** Creates or replaces a file; false where it did not fit. */
  write(name: string, bytes: Uint8Array): boolean;
  erase(name: string): void;
}

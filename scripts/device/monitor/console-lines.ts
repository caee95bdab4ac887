/** Control sequences of terminals: cursor movements, colours. */
const SEQUENCE = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
/** What a device prints must not move the reader's cursor, or worse. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Makes whole lines of what a console prints, without its prompts and control sequences. */
export class ConsoleLines {
  readonly #line: (line: string) => void;
  #rest = "";

  constructor(line: (line: string) => void) {
    this.#line = line;
  }

  take(text: string): void {
    const parts = (this.#rest + text).split("\n");
    this.#rest = parts.pop()!;
    for (const part of parts) this.#tell(part);
  }

  /** Tells what stands there without a line's end. */
  flush(): void {
    this.#tell(this.#rest);
    this.#rest = "";
  }

  #tell(part: string): void {
    // The console clears its prompt with a return, and writes the line over it.
    const written = part.replace(/\r$/, "").split("\r").at(-1)!;
    const line = written.replace(SEQUENCE, "").replace(CONTROL, "").replace(/^>/, "").trimEnd();
    if (line !== "") this.#line(line);
  }
}

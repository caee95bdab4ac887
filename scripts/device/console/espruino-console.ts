import { consoleFailed, consoleLocked, consoleSilent, consoleTimeout } from "../../errors/console.js";
import { portLost } from "../../errors/port.js";
import type { SerialLine } from "../serial/serial-line.js";
import { evalPacket, PacketReader, PacketType, type Said } from "./packet.js";

export interface QuestionOptions {
  /** Names it in errors. */
  readonly what?: string;
  /** How long it may take, all repeats together. */
  readonly timeoutMs?: number;
  /** After this long without an answer it is asked again. */
  readonly repeatMs?: number;
}

const OPEN_TIMEOUT_MS = 7_000;
const OPEN_REPEAT_MS = 1_200;
const TIMEOUT_MS = 20_000;
/** A device gives up a packet of which bytes were lost after five seconds; only then does it hear the next. */
const REPEAT_MS = 6_000;
/** A NAK is followed by the reason at once, or has none: a packet was cut. */
const REASON_MS = 300;

/** Few enough to lie in one line of a device's echo, and enough to be no chance. */
const ECHO_CHARACTERS = 12;

/** A line that spoils as many packets in a row is no line. */
const MOST_DAMAGED = 3;

/** A question that waits for its answer. */
interface Pending {
  readonly id: number;
  readonly what: string;
  readonly expression: string;
  readonly answered: (text: string) => void;
  readonly failed: (error: Error) => void;
  readonly ask: () => void;
  /** What was printed since a NAK: it says why. */
  refusal: string | undefined;
  /** How often it came to the device with a syntax error. */
  damaged: number;
}

/**
 * The console of a running Espruino: evaluates expressions by the engine's framed packets, one at a time, while the
 * application goes on. What the application prints is handed to `printed`. Lines lose bytes, so a question may be asked
 * more than once: it must not matter how often it is evaluated.
 */
export class EspruinoConsole {
  readonly #line: SerialLine;
  readonly #reader = new PacketReader();
  readonly #stop: () => void;
  readonly #printed: (text: string) => void;
  #pending: Pending | undefined;
  #questions = 0;
  #heard = "";
  /** Settled when the question before has its answer. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(line: SerialLine, printed: (text: string) => void = () => undefined) {
    this.#line = line;
    this.#printed = printed;
    this.#stop = line.listen((bytes) => {
      for (const said of this.#reader.take(bytes)) this.#take(said);
    });
    void line.gone.then(() => this.#pending?.failed(portLost(line.path)));
  }

  /**
   * Waits until the console answers.
   * @throws SertaoError CONSOLE_SILENT, CONSOLE_LOCKED, PORT_LOST
   */
  async open(timeoutMs = OPEN_TIMEOUT_MS, repeatMs = OPEN_REPEAT_MS): Promise<void> {
    try {
      await this.evaluate("0", { what: "The first question", timeoutMs, repeatMs });
    } catch (error) {
      if (!this.#line.isOpen) throw error;
      if (/password>\s*$/.test(this.#heard)) throw consoleLocked(this.#line.path);
      throw consoleSilent(this.#line.path, hint(this.#heard));
    }
  }

  /**
   * Evaluates an expression, more than once where answers get lost.
   * @returns its value as Espruino's E.toJS writes it
   * @throws SertaoError CONSOLE_FAILED, CONSOLE_TIMEOUT, PORT_LOST
   */
  evaluate(expression: string, options: QuestionOptions = {}): Promise<string> {
    const answer = this.#turn.then(() => this.#ask(expression, options));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #ask(
    expression: string,
    { what = "An expression", timeoutMs = TIMEOUT_MS, repeatMs = REPEAT_MS }: QuestionOptions,
  ): Promise<string> {
    if (!this.#line.isOpen) throw portLost(this.#line.path);
    const id = ++this.#questions;
    // An answer carries the number of its question: one that comes late is not taken for another's.
    const packet = evalPacket(`[${id},(${expression})]`);
    let repeat: NodeJS.Timeout | undefined;
    let limit: NodeJS.Timeout | undefined;
    try {
      return await new Promise<string>((answered, failed) => {
        const ask = (): void => void this.#line.write(packet).catch(failed);
        this.#pending = { id, what, expression, answered, failed, ask, refusal: undefined, damaged: 0 };
        repeat = setInterval(ask, repeatMs);
        limit = setTimeout(() => failed(consoleTimeout(what, timeoutMs / 1000)), timeoutMs);
        ask();
      });
    } finally {
      clearInterval(repeat);
      clearTimeout(limit);
      this.#pending = undefined;
    }
  }

  /** Evaluates an expression whose value JSON can carry. */
  async evaluateJson(expression: string, options: QuestionOptions = {}): Promise<unknown> {
    const text = await this.evaluate(`JSON.stringify(${expression})`, options);
    try {
      return JSON.parse(JSON.parse(text) as string);
    } catch {
      throw consoleFailed(options.what ?? "An expression", "its answer is no JSON");
    }
  }

  /** Sends an expression that ends the engine, and so has no answer. */
  async evaluateLast(expression: string): Promise<void> {
    await this.#line.write(evalPacket(expression));
  }

  /** Leaves the line to others. */
  detach(): void {
    this.#stop();
  }

  #take(said: Said): void {
    const pending = this.#pending;
    if (said.kind === "text") {
      this.#heard = (this.#heard + said.text).slice(-1000);
      if (pending?.refusal === undefined) this.#printed(said.text);
      else this.#refuse(pending, said.text);
    } else if (said.kind === "nak" && pending !== undefined) {
      pending.refusal = "";
      setTimeout(() => this.#repeatUnlessRefused(pending), REASON_MS).unref();
    } else if (said.kind === "packet" && pending !== undefined && said.type === PacketType.RESPONSE) {
      const head = `[${pending.id},`;
      if (said.text.startsWith(head)) pending.answered(said.text.slice(head.length, -1));
    }
  }

  /** Espruino prints what went wrong, with a trace, and its prompt after that. */
  #refuse(pending: Pending, text: string): void {
    pending.refusal += text;
    if (!/\n>$/.test(pending.refusal!)) return;
    const [first = "unknown"] = pending.refusal!.split(/\r?\n/).filter((line) => line.trim() !== "");
    // What is asked here has no syntax errors of its own: bytes of it were lost. So they were where the device prints a part
    // of what it was sent: it gave up a packet in whose middle the host was held up, and took its rest for input of people.
    const isDamaged = /^Uncaught SyntaxError/.test(first) && pending.damaged++ < MOST_DAMAGED;
    if (isDamaged || isEcho(first, pending.expression)) {
      pending.refusal = undefined;
      setTimeout(() => pending === this.#pending && pending.ask(), REASON_MS).unref();
      return;
    }
    pending.failed(consoleFailed(pending.what, first.replace(/^Uncaught /, "").replace(/\.$/, "")));
  }

  #repeatUnlessRefused(pending: Pending): void {
    if (pending !== this.#pending || pending.refusal !== "") return;
    pending.refusal = undefined;
    pending.ask();
  }
}

/** True where a line that the device printed is out of what it was sent. */
function isEcho(line: string, expression: string): boolean {
  const text = line.replace(/^[>:]/, "").trim();
  return !text.startsWith("Uncaught") && expression.includes(text.slice(0, ECHO_CHARACTERS));
}

/** What the little that was heard tells. */
function hint(heard: string): string {
  if (heard.trim() === "") return ": there is no sound at all";
  if (/waiting for download/.test(heard)) return ": the chip waits in its ROM loader";
  if (/rst:0x|ets [A-Z]/.test(heard)) return ": the chip restarts over and over";
  if (/>\s*$/.test(heard)) return " in packets: its firmware may be older than 2v25";
  return ": something else speaks there";
}

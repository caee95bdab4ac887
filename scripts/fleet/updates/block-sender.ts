/** What a sender of blocks works with. */
export interface BlockSenderOptions {
  /** Bytes a second to all devices together; Infinity: no limit. */
  readonly bytesPerSecond: number;
  /** Milliseconds. */
  now(): number;
  /** Runs `work` after so many milliseconds; calling the answer takes that back. */
  later(work: () => void, ms: number): () => void;
  /** Resolves when the next block may be sent to the device. */
  send(device: string, block: Uint8Array): Promise<void>;
}

/** Topic and MQTT head of a block, about. */
const HEAD_BYTES = 48;
/** A connection that takes nothing for so long does not hold up the device's next request. */
const STALLED_MS = 30_000;

interface Answer {
  readonly blocks: Iterator<Uint8Array>;
}

/**
 * Sends answers to devices within a bandwidth: a block to each device in turn, and to none the next one before it has
 * taken the last. A device has one answer at a time, so what is kept of a flood is its last request.
 */
export class BlockSender {
  readonly #options: BlockSenderOptions;
  /** In the order of their turns. */
  readonly #answers = new Map<string, Answer>();
  /** When the block was sent that a device has not taken. */
  readonly #sending = new Map<string, number>();
  #freeAtMs = -Infinity;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(options: BlockSenderOptions) {
    this.#options = options;
  }

  /** Answers of which blocks are left. */
  get waiting(): number {
    return this.#answers.size;
  }

  /** Sends blocks to a device, in place of what is left of its last answer. They are made when their turn comes. */
  answer(device: string, blocks: Iterable<Uint8Array>): void {
    if (this.#stopped) return;
    // It keeps its turn: asking again brings nobody forward.
    this.#answers.set(device, { blocks: blocks[Symbol.iterator]() });
    if (this.#options.now() - (this.#sending.get(device) ?? Infinity) > STALLED_MS) this.#sending.delete(device);
    this.#run();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#answers.clear();
  }

  #run(): void {
    if (this.#cancel !== undefined) return;
    for (let device = this.#next(); device !== undefined; device = this.#next()) {
      const waitMs = this.#freeAtMs - this.#options.now();
      if (waitMs > 0) {
        this.#cancel = this.#options.later(() => {
          this.#cancel = undefined;
          this.#run();
        }, waitMs);
        return;
      }
      this.#sendTo(device);
    }
  }

  /** The device whose turn it is and that can take a block. */
  #next(): string | undefined {
    for (const device of this.#answers.keys()) if (!this.#sending.has(device)) return device;
    return undefined;
  }

  #sendTo(device: string): void {
    const { bytesPerSecond, now, send } = this.#options;
    const answer = this.#answers.get(device)!;
    const { value, done } = answer.blocks.next();
    this.#answers.delete(device);
    if (done === true) return;
    this.#answers.set(device, answer);
    const block = value as Uint8Array;
    const nowMs = now();
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs) + ((block.length + HEAD_BYTES) * 1000) / bytesPerSecond;
    this.#sending.set(device, nowMs);
    const taken = (): void => {
      if (this.#sending.get(device) === nowMs) this.#sending.delete(device);
      this.#run();
    };
    send(device, block).then(taken, taken);
  }
}

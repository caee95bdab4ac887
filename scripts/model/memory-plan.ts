import type { LoweredModel, LoweredOperator } from "./lowered.js";

/** Where each value is in the arena, and when it lives. */
export interface MemoryPlan {
  readonly arenaBytes: number;
  /** Most bytes of values that live at one time: no plan can do with less, except where operators run in place. */
  readonly liveBytes: number;
  readonly scratchBytes: number;
  readonly places: readonly Place[];
  /** When each value lives, whatever block it has; in the order in which they come to life. */
  readonly lives: readonly Life[];
}

/** The life of one value. */
export interface Life {
  readonly value: number;
  readonly name: string;
  readonly bytes: number;
  /** First and last operator that needs it, counted as in `Place`. */
  readonly first: number;
  readonly last: number;
}

/** One block of the arena. Values that share it follow each other in place. */
export interface Place {
  readonly values: readonly number[];
  readonly offset: number;
  readonly bytes: number;
  /** First and last operator that needs it; -1 is before the first, the count of operators after the last. */
  readonly first: number;
  readonly last: number;
}

interface Block {
  readonly values: number[];
  readonly bytes: number;
  readonly alignment: number;
  first: number;
  last: number;
  offset: number;
}

/**
 * Plans the arena: lifetimes, values that take over their input's block, then offsets. Several orders of placing are
 * tried, since none is best for every graph; the smallest arena wins.
 */
export function planMemory(model: LoweredModel): MemoryPlan {
  const single = lifetimes(model);
  const lives = single.map(({ values: [value], bytes, first, last }) => {
    return { value: value!, name: model.values[value!]!.name, bytes, first, last };
  });
  const blocks = joinInPlace(model, single);
  const orders: ((a: Block, b: Block) => number)[] = [
    (a, b) => b.bytes - a.bytes || a.first - b.first,
    (a, b) => a.first - b.first || b.bytes - a.bytes,
    (a, b) => b.last - b.first - (a.last - a.first) || b.bytes - a.bytes,
    (a, b) => b.bytes * (b.last - b.first + 1) - a.bytes * (a.last - a.first + 1),
    (a, b) => a.last - b.last || b.bytes - a.bytes,
  ];
  let best: Block[] | undefined;
  for (const order of orders) {
    const placed = place([...blocks].sort(order));
    if (best === undefined || end(placed) < end(best)) best = placed;
  }
  const places = best!.sort((a, b) => a.first - b.first || a.offset - b.offset);
  return {
    arenaBytes: end(places),
    liveBytes: mostAlive(blocks, model.operators.length),
    scratchBytes: model.operators.reduce((most, { scratchBytes }) => Math.max(most, scratchBytes), 0),
    places,
    lives: lives.filter(({ first }) => first !== Infinity).sort((a, b) => a.first - b.first || a.value - b.value),
  };
}

function lifetimes(model: LoweredModel): Block[] {
  const { values, operators } = model;
  const blocks = values.map(({ id, bytes, alignment }) => ({
    values: [id],
    bytes,
    alignment,
    first: Infinity,
    last: -Infinity,
    offset: 0,
  }));
  const use = (id: number, step: number): void => {
    const block = blocks[id]!;
    block.first = Math.min(block.first, step);
    block.last = Math.max(block.last, step);
  };
  use(model.input, -1);
  operators.forEach(({ reads, writes }, step) => {
    for (const id of [...reads, ...writes]) use(id, step);
  });
  use(model.output, operators.length);
  return blocks;
}

/** Gives an output its input's block, where the operator allows it and nothing reads the input later. */
function joinInPlace(model: LoweredModel, blocks: Block[]): Block[] {
  const owner = [...blocks];
  model.operators.forEach((operator, step) => {
    const input = sharedInput(operator);
    const output = operator.writes[0];
    if (input === undefined || output === undefined) return;
    const from = owner[input]!;
    const to = owner[output]!;
    if (from === to || from.last !== step || to.first !== step || from.bytes !== to.bytes) return;
    from.values.push(...to.values);
    from.last = to.last;
    for (const id of to.values) owner[id] = from;
  });
  return [...new Set(owner)].filter(({ first }) => first !== Infinity);
}

function sharedInput({ inPlace, reads, writes }: LoweredOperator): number | undefined {
  return inPlace !== undefined && reads.includes(inPlace) && writes.length === 1 ? inPlace : undefined;
}

function overlap(a: Block, b: Block): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** Each block in turn goes to the lowest gap that is free for all its life. */
function place(order: Block[]): Block[] {
  const placed: Block[] = [];
  for (const block of order) {
    const others = placed.filter((other) => overlap(block, other)).sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const other of others) {
      if (offset + block.bytes <= other.offset) break;
      offset = Math.max(offset, align(other.offset + other.bytes, block.alignment));
    }
    placed.push({ ...block, offset });
  }
  return placed;
}

function align(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment;
}

function end(blocks: readonly Block[]): number {
  return blocks.reduce((most, { offset, bytes }) => Math.max(most, offset + bytes), 0);
}

function mostAlive(blocks: readonly Block[], steps: number): number {
  let most = 0;
  for (let step = -1; step <= steps; step++) {
    const alive = blocks.filter(({ first, last }) => first <= step && step <= last);
    most = Math.max(
      most,
      alive.reduce((sum, { bytes }) => sum + bytes, 0),
    );
  }
  return most;
}

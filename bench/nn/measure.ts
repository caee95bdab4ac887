import { bareRate, compileModel, runModel, type CompiledModel, type Engine } from "./dist.ts";
import type { BenchModel } from "./models.ts";
import { plainPort } from "./plain-port.ts";
import { Samples } from "./samples.ts";
import { storageVariants, variants, type Variant } from "./variants.ts";

/** Rounds go on until the fastest quarter of every measure lies within this of its fastest time. */
export const GREATEST_SPREAD = 0.15;
const LEAST_ROUNDS = 3;
const MOST_ROUNDS = 24;
/** A round times each thing for about this long, but at least once. */
const ROUND_MS = 400;
/** What takes longer is timed two to four times only: the plain port takes minutes on Espruino. */
const LONG_MS = 4000;
const MOST_LONG = 4;

/** One line of the table. */
export interface Measurement {
  readonly variant: Variant;
  readonly ms: number;
  readonly macs: number;
  readonly plainMs: number;
  readonly bareNs: number;
  readonly spread: number;
}

/** One thing that is timed in every round. */
interface Subject {
  readonly variant: Variant | undefined;
  readonly compiled: CompiledModel;
  readonly samples: Samples;
  run(repeats: number, batch: number): Promise<readonly number[]>;
}

/**
 * Measures a model on an engine: the plain port, every way of running it, and the engine's bare rates, turn by turn, so
 * that what disturbs the machine disturbs all of them.
 */
export async function measure(model: BenchModel, engine: Engine): Promise<Measurement[]> {
  const plain = await plainSubject(model, engine);
  const subjects = [plain, ...variants(engine).map((variant) => subject(model, variant))];
  const bare = new Map(engine.backends.map((backend) => [backend, new Samples()]));
  const batches = new Map<Subject, number>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    for (const [backend, samples] of bare) samples.add(await bareRate(engine, backend !== "loops"));
    for (const one of subjects) await takeTurn(one, batches);
    if (round + 1 >= LEAST_ROUNDS && subjects.every(isSteady) && [...bare.values()].every(isNarrow)) break;
  }
  return subjects.flatMap(({ variant, compiled, samples }) => {
    if (variant === undefined) return [];
    const rate = bare.get(variant.options.backend)!;
    // A ratio is no steadier than what it is made of.
    const spread = Math.max(samples.spread, plain.samples.spread, rate.spread);
    return [
      { variant, ms: samples.ms, macs: compiled.report.macs, plainMs: plain.samples.ms, bareNs: rate.ms, spread },
    ];
  });
}

/** Measures a model with its weights in Storage. */
export async function measureStorage(model: BenchModel): Promise<Measurement[]> {
  const list: Measurement[] = [];
  for (const plan of ["fast", "lean"] as const) {
    const { report } = compileModel(model.tflite, { rounding: "tflm", backend: "espruino", plan });
    for (const variant of storageVariants(plan, report.packBytes)) {
      const one = subject(model, variant);
      const batches = new Map<Subject, number>();
      for (let round = 0; round < MOST_ROUNDS; round++) {
        await takeTurn(one, batches);
        if (round + 1 >= LEAST_ROUNDS && isSteady(one)) break;
      }
      const { ms, spread } = one.samples;
      list.push({ variant, ms, macs: report.macs, plainMs: NaN, bareNs: NaN, spread });
    }
  }
  return list;
}

async function plainSubject(model: BenchModel, engine: Engine): Promise<Subject> {
  const { compiled, code } = await plainPort(model.tflite);
  const input = model.input(inputBytes(compiled.pack));
  const run = async (repeats: number, batch: number): Promise<readonly number[]> =>
    (await runModel(engine, compiled.pack, input, { backend: "loops", code, repeats, batch, timesOnly: true })).times;
  return { variant: undefined, compiled, samples: new Samples(), run };
}

function subject(model: BenchModel, variant: Variant): Subject {
  const compiled = compileModel(model.tflite, { rounding: "tflm", ...variant.options });
  const input = model.input(inputBytes(compiled.pack));
  const { backend } = variant.options;
  const run = async (repeats: number, batch: number): Promise<readonly number[]> =>
    (await runModel(variant.engine, compiled.pack, input, { backend, repeats, batch, timesOnly: true })).times;
  return { variant, compiled, samples: new Samples(), run };
}

/**
 * One round of one subject. The first tells how long an inference takes: short ones are then timed many at a time, since
 * some clocks count whole milliseconds, and long ones only until two agree.
 */
async function takeTurn(one: Subject, batches: Map<Subject, number>): Promise<void> {
  const batch = batches.get(one);
  if (batch === undefined) {
    const times = await one.run(1, 1);
    batches.set(one, Math.max(1, Math.round(ROUND_MS / 4 / Math.max(times[0]!, 0.02))));
    if (times[0]! >= LONG_MS) one.samples.add(times);
    return;
  }
  if (isLong(one) && (one.samples.count >= MOST_LONG || isSteady(one))) return;
  const estimateMs = one.samples.count > 0 ? one.samples.ms : ROUND_MS;
  const repeats = isLong(one) ? 1 : Math.max(2, Math.min(4, Math.round(ROUND_MS / (estimateMs * batch))));
  one.samples.add(await one.run(repeats, batch));
}

function isLong({ samples }: Subject): boolean {
  return samples.count > 0 && samples.ms >= LONG_MS;
}

function isSteady(one: Subject): boolean {
  return one.samples.count >= (isLong(one) ? 2 : 4) && isNarrow(one.samples);
}

function isNarrow({ spread }: Samples): boolean {
  return spread <= GREATEST_SPREAD;
}

function inputBytes(pack: Uint8Array): number {
  return new DataView(pack.buffer, pack.byteOffset).getUint32(44, true);
}

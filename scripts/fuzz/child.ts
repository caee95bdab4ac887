import { AllocationMeter } from "./allocation-meter.js";
import type { Judgement } from "./judge-model.js";
import { modelCase, type ModelCase } from "./model-cases.js";

/** What is told of a case. */
export interface CaseEnd extends Judgement {
  readonly index: number;
  readonly kind: string;
  /** Most memory it took: buffers asked for, or growth of the process, whichever is more. */
  readonly peakBytes: number;
}

/*
 * A process that tries cases, one after another, and tells of each before and after. It may end in any way: that is what
 * it is there for.
 */
const [seed, first, last, limitBytes] = process.argv.slice(2, 6).map(Number) as [number, number, number, number];
const { judgeModel } = (await import(process.argv[6]!)) as { judgeModel(hostile: ModelCase, index: number): Judgement };
const send = process.send!.bind(process);
const collect = (globalThis as { gc?: () => void }).gc!;

// Compiled once, before anything is measured.
modelCase(seed, 0);
for (let warm = 0; warm < 10; warm++) judgeModel(modelCase(seed, warm), -1);
const meter = new AllocationMeter(limitBytes);
meter.install();

for (let index = first; index < last; index++) {
  const hostile = modelCase(seed, index);
  send({ begins: index });
  collect();
  meter.bytes = 0;
  const before = process.memoryUsage().rss;
  const judgement = judgeModel(hostile, index);
  const grown = process.memoryUsage().rss - before;
  const peakBytes = Math.max(meter.bytes, grown);
  send({ ...judgement, index, kind: hostile.kind, peakBytes } satisfies CaseEnd);
}
process.disconnect();

import type { CompileReport } from "./compile-report.js";

/** Where the output of one of the model's operators is in the arena, just after it was written. */
export interface Tap {
  /** Index of the last device operator that writes it; -1 where it has the bytes of the model's input. */
  readonly operator: number;
  /** Index of the model's operator. */
  readonly node: number;
  /** Index of the model's tensor. */
  readonly tensor: number;
  readonly offset: number;
  readonly bytes: number;
}

/** The outputs of all of a model's operators, in order. Those that do no work have their input's bytes. */
export function operatorTaps(report: CompileReport): Tap[] {
  return report.tensors.map(({ node, tensor, value, bytes }) => {
    const place = report.plan.places.find(({ values }) => values.includes(value))!;
    const last = report.operators.reduce((at, operator, index) => (operator.node <= node ? index : at), -1);
    return { operator: last, node, tensor, offset: place.offset, bytes };
  });
}

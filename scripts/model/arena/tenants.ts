import { shortName } from "../short-name.js";
import type { CompileReport } from "../compile-report.js";

/** One tensor in the arena: where it is, and from which operator to which. */
export interface Tenant {
  /** Number in the drawing, from 1. */
  readonly number: number;
  readonly name: string;
  readonly bytes: number;
  readonly offset: number;
  /** First and last step that needs it; step 0 is the input's arrival, operator i is step i + 1. */
  readonly first: number;
  readonly last: number;
  /** Number of the tensor whose bytes it takes over while they are read. */
  readonly inPlaceOf: number | undefined;
}

/** The tensors of a compiled model, in the order in which they come to life. */
export function arenaTenants({ plan }: CompileReport): Tenant[] {
  const numbers = new Map(plan.lives.map(({ value }, index) => [value, index + 1]));
  return plan.lives.map(({ value, name, bytes, first, last }, index) => {
    const place = plan.places.find(({ values }) => values.includes(value))!;
    const before = place.values[place.values.indexOf(value) - 1];
    return {
      number: index + 1,
      name: shortName(name),
      bytes,
      offset: place.offset,
      first: first + 1,
      last: last + 1,
      inPlaceOf: before === undefined ? undefined : numbers.get(before),
    };
  });
}

/**
 * Instructions that Espruino 2v29 executes for a piece of script: counted on a 32-bit ARM build with soft floating point
 * (-Og, as on ESP32) as the difference of 2N and N repetitions. What the engine does for an operation depends on its
 * surroundings, so these are good to a fifth.
 */
export const COUNTED: readonly (readonly [script: string, instructions: number])[] = [
  ["for(;i<n;i++);", 7599],
  ["for(;i<n;i++)s+=a[i]*b[i];", 19014],
  ["u=v;", 3371],
  ["u=a[i];", 6350],
  ["f();", 3914],
  ["f(u,v);", 14097],
  ["s=u*v+y;", 6042],
  ["s=Math.floor(u);", 13044],
  ["for(;i<n;i++)k[i]=c(y,q[i],0)*m[i]+b[i];", 38400],
];

/** Instructions of the parts of a statement, such that the statements above come out. */
export const INTERPRETED = {
  /** Looking up a variable, to read or to write it. */
  variable: 835,
  literal: 400,
  /** An operator between values. */
  operator: 500,
  assignment: 1700,
  /** `i++`. */
  update: 800,
  /** An element of a typed array or list, beside array and index. */
  element: 2600,
  /** `.name`, beside the object. */
  member: 1500,
  /** A call of a function of the script, and each of its arguments beside its value. */
  call: 3079,
  argument: 4256,
  /** A call of one of the engine's functions through a variable, arguments apart. */
  nativeCall: 2800,
  /** `Math.name(...)`: a name that no scope has is looked up in the engine's tables. */
  mathCall: 9700,
  /** `new` of a typed array over a buffer. */
  view: 22432,
  /** What a loop does to go round. */
  round: 3800,
  /** A statement that begins with a word: if, return. */
  keyword: 500,
  /** An object or list, and each of its members. */
  object: 3000,
  objectMember: 2500,
} as const;

/**
 * Instructions of the engine's own loops. The first three were counted; the others stand to them as their times on a
 * Linux build do.
 */
export const NATIVE = {
  /** A multiply-accumulate of `E.convolve`: two conversions to double, a soft multiply and add. */
  multiplyAccumulate: 450,
  /** An element of `E.mapInPlace` with a table. */
  mapElement: 1100,
  /** An element of `TypedArray.set` from a typed array. */
  setElement: 243,
  /** A call of a bound function from within `map` or `mapInPlace`. */
  callback: 5000,
  /** An element of `transformVertices`. */
  affineElement: 1900,
  /** An element taken from a list. */
  listElement: 900,
  fillElement: 800,
} as const;

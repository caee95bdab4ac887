import type { Board } from "../../boards/board.js";

/**
 * How Espruino lays out a JsVar, its only unit of memory: `src/jsutils.h` and `src/jsvar.h` at c5ff787b. References have
 * as few bits as the number of JsVars allows, and what fits beside them (characters, small integers) follows from that.
 */
export interface JsVarLayout {
  readonly bytesEach: number;
  /** Integers in this range are stored in the name of a variable, member or element: they take no JsVar of their own. */
  readonly leastInline: number;
  readonly greatestInline: number;
  /** Characters that fit in the JsVar of a name, of a text, and in each further one. */
  readonly nameChars: number;
  readonly textChars: number;
  readonly furtherChars: number;
}

const FLAG_BYTES = 2;
const REFERENCES = 4;
/** JsVars that a build may have at most, bits of its references, and those of the reference counter with its padding. */
const SIZES: readonly (readonly [count: number, referenceBits: number, counterBits: number, paddingBits: number])[] = [
  [254, 8, 6, 8],
  [1023, 10, 6, 2],
  [2047, 11, 4, 0],
  [4095, 12, 8, 0],
  [8191, 13, 4, 0],
  [16383, 14, 8, 0],
  [65535, 16, 8, 0],
];
/** Linux on 64 bits, where memory grows: wide references, and room for a pointer. */
const RESIZABLE = { referenceBits: 32, counterBits: 8, pointerBytes: 8 };
const POINTER_BYTES = 4;

/** The layout of a board's JsVars. */
export function jsVarLayout({ count, bytesEach }: Board["jsVars"]): JsVarLayout {
  const size = SIZES.find(([most]) => count <= most);
  if (size !== undefined) {
    const [, referenceBits, counterBits, paddingBits] = size;
    const layout = layoutOf(referenceBits, counterBits, paddingBits, POINTER_BYTES);
    if (layout.bytesEach === bytesEach) return layout;
  }
  const { referenceBits, counterBits, pointerBytes } = RESIZABLE;
  return layoutOf(referenceBits, counterBits, 0, pointerBytes);
}

function layoutOf(referenceBits: number, counterBits: number, paddingBits: number, pointerBytes: number): JsVarLayout {
  const wholeBytes = (bits: number): number => bits >> 3;
  const threeReferences = 3 * referenceBits + paddingBits;
  return {
    bytesEach: FLAG_BYTES + pointerBytes + wholeBytes(REFERENCES * referenceBits + paddingBits + counterBits),
    leastInline: -(2 ** (referenceBits - 1)),
    greatestInline: 2 ** (referenceBits - 1) - 1,
    nameChars: pointerBytes,
    textChars: pointerBytes + wholeBytes(threeReferences),
    furtherChars: pointerBytes + wholeBytes(threeReferences + counterBits),
  };
}

/** JsVars of a name: of a variable, a member, a parameter. */
export function nameVars({ nameChars, furtherChars }: JsVarLayout, characters: number): number {
  return 1 + Math.ceil(Math.max(0, characters - nameChars) / furtherChars);
}

/** JsVars of a text in memory. */
export function textVars({ textChars, furtherChars }: JsVarLayout, characters: number): number {
  return 1 + Math.ceil(Math.max(0, characters - textChars) / furtherChars);
}

/** JsVars of an ArrayBuffer in memory: the object, then its bytes, in one piece where there are more than a few. */
export function bufferVars(layout: JsVarLayout, bytes: number): number {
  const { textChars, furtherChars, bytesEach } = layout;
  if (bytes <= textChars + furtherChars) return 1 + textVars(layout, bytes);
  return 2 + Math.ceil(bytes / bytesEach);
}

/** Height of the tree: 2^height signatures. */
export type LmsHeight = 5 | 10 | 15 | 20 | 25;

/** Bits of a digit, w of RFC 8554: a longer signature and fewer hashes, or the reverse. */
export type LmsWindow = 1 | 2 | 4 | 8;

/** An LMS_SHA256_M32_H<height> tree of LMOTS_SHA256_N32_W<window> keys (RFC 8554, sections 4.1 and 5.1). */
export interface LmsParameters {
  readonly height: LmsHeight;
  readonly window: LmsWindow;
}

/** Of the keys that sign updates: 1,024 signatures of 2,512 bytes that a device verifies with some 400 hashes. */
export const UPDATE_PARAMETERS: LmsParameters = { height: 10, window: 4 };

export const HASH_BYTES = 32;
export const IDENTIFIER_BYTES = 16;
export const SEED_BYTES = 32;

/** Numbers that follow from the window. */
export interface OtsShape {
  /** Chains of a one-time key. */
  readonly chains: number;
  /** Chains that sign the message's hash; the others sign the checksum. */
  readonly hashChains: number;
  /** Steps of a chain. */
  readonly steps: number;
  /** Bits by which the checksum is shifted left. */
  readonly checksumShift: number;
}

const CHECKSUM_CHAINS: Record<LmsWindow, number> = { 1: 9, 2: 5, 4: 3, 8: 2 };

export function otsShape(window: LmsWindow): OtsShape {
  const hashChains = (8 * HASH_BYTES) / window;
  const checksumChains = CHECKSUM_CHAINS[window];
  return {
    chains: hashChains + checksumChains,
    hashChains,
    steps: 2 ** window - 1,
    checksumShift: 16 - checksumChains * window,
  };
}

/** Numbers of the parameter sets in IANA's registries: LMS 5 to 9, LM-OTS 1 to 4. */
export function typeCodes({ height, window }: LmsParameters): { lms: number; ots: number } {
  return { lms: 4 + height / 5, ots: 1 + Math.log2(window) };
}

/** The parameters that two type codes name; undefined for others. */
export function parametersOf(lms: number, ots: number): LmsParameters | undefined {
  const height = (lms - 4) * 5;
  const window = 2 ** (ots - 1);
  const known = lms >= 5 && lms <= 9 && ots >= 1 && ots <= 4;
  return known ? { height: height as LmsHeight, window: window as LmsWindow } : undefined;
}

/** Bytes of an LMS signature. */
export function signatureBytes({ height, window }: LmsParameters): number {
  return 12 + HASH_BYTES * (1 + otsShape(window).chains + height);
}

import { describe, expect, it } from "vitest";
import { CrashingDisk, PowerCut, SURVIVAL, type Survival } from "./crashing-disk.js";
import { makeKey, reused, sign } from "./signing.js";

const fresh = new CrashingDisk();
const publicKey = makeKey(fresh);
fresh.restart("neither");

/** Signs until the machine stops at `operation`; true where it came so far. */
function signUntil(disk: CrashingDisk, name: string, operation: number): boolean {
  disk.stopAt = operation;
  try {
    sign(disk, name, 2);
    return false;
  } catch (error) {
    if (error instanceof PowerCut) return true;
    throw error;
  }
}

function operationsOfARun(): number {
  const disk = fresh.copy();
  sign(disk, "first", 2);
  return disk.operations;
}

const operations = operationsOfARun();

/** All that comes out of crashes at the given operations, one run after another, and a run to the end. */
function afterCrashes(disk: CrashingDisk, crashes: readonly [number, Survival][]): number[] {
  crashes.forEach(([operation, survival], i) => {
    expect(signUntil(disk, `run${i}`, operation)).toBe(true);
    disk.restart(survival);
  });
  // It must go on by itself: no crash makes the key file look like an older copy.
  expect(sign(disk, "last", 2).length).toBe(2);
  return reused(disk, publicKey);
}

describe("a signer that crashes", () => {
  it("at any operation, with any part of the cache lost, uses no index twice and goes on", () => {
    expect(operations).toBeGreaterThan(20);
    for (let operation = 1; operation <= operations; operation++)
      for (const survival of SURVIVAL)
        expect(afterCrashes(fresh.copy(), [[operation, survival]]), `${operation}, ${survival}`).toEqual([]);
  });

  it("and crashes again while it recovers, uses no index twice and goes on", () => {
    for (let first = 3; first <= operations; first += 4)
      for (let second = 2; second <= operations; second += 3) {
        const survival = SURVIVAL[(first + second) % 4]!;
        const crashes: [number, Survival][] = [
          [first, survival],
          [second, SURVIVAL[second % 4]!],
        ];
        expect(afterCrashes(fresh.copy(), crashes), `${first}, ${second}, ${survival}`).toEqual([]);
      }
  });

  it("would be caught: on a disk that forgets what was synced, an index is used twice", () => {
    let caught = 0;
    for (let operation = 1; operation <= operations; operation++) {
      const disk = fresh.copy();
      disk.forgetsNames = true;
      signUntil(disk, "first", operation);
      disk.restart("neither");
      sign(disk, "last", 2);
      caught += reused(disk, publicKey).length;
    }
    expect(caught).toBeGreaterThan(0);
  });
});

it("making a key that crashes anywhere leaves a whole key, or none that signs", () => {
  const whole = new CrashingDisk();
  makeKey(whole);
  for (let operation = 1; operation <= whole.operations; operation++) {
    const disk = new CrashingDisk();
    disk.stopAt = operation;
    expect(() => makeKey(disk)).toThrow(PowerCut);
    for (const survival of SURVIVAL) {
      const after = disk.copyAfter(survival);
      if (after.read("/keys/working.key") !== undefined) expect(sign(after, "after", 1)).toEqual([0]);
    }
  }
});

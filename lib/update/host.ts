import type { ErrorCode } from "../core/error-code.js";
import type { Clock } from "../hal/clock.js";
import type { SlotStore } from "../hal/file-store.js";
import type { Settings } from "../settings/settings.js";
import type { Manifest, UpdateKind } from "./manifest.js";
import type { Counterpart } from "./refusal.js";
import type { UpdateState } from "./update-state.js";

/** The slots of images, as far as an agent needs them (lib/update/slots.ts). */
export interface UpdateSlots {
  /** The file that an update of the kind may be written into; empty while none may. */
  spareFile(kind: UpdateKind): string;
  /** Sequence of a complete update of the kind that waits for its companion; 0 where none does. */
  waiting(kind: UpdateKind): number;
  /** Gives up the one that waits. */
  withdraw(kind: UpdateKind): ErrorCode;
  /** Hands over a complete image: on trial from the next boot on, or waiting for its companion. */
  stage(manifest: Manifest): ErrorCode;
  /** Accepts a sequence that has no image. */
  accept(sequence: number): ErrorCode;
}

/** What the device is, for the conditions of a manifest. */
export interface DeviceTraits {
  readonly application: string;
  readonly board: string;
  readonly device: string;
  /** "major.minor.patch" */
  readonly runtime: string;
  /** Greatest sequence that was accepted. */
  readonly accepted: number;
  /** What can be had for arena and scratch together, in bytes. */
  readonly arenaBytes: number;
  /** Operators that the application has, and those that the model in use needs. */
  readonly hasOperators: Uint8Array;
  readonly needsOperators: Uint8Array;
  /** Bytes of the input and output of the model in use; 0 where there is none. */
  readonly inputBytes: number;
  readonly outputBytes: number;
}

/** What an agent works with. */
export interface UpdateHost {
  readonly clock: Clock;
  readonly files: Pick<SlotStore, "read" | "slotBytes" | "clearSlot" | "writeSlot">;
  readonly settings: Pick<Settings, "get" | "set">;
  readonly slots: UpdateSlots;
  readonly traits: DeviceTraits;
  /** Publishes `update/request` with QoS 0; below zero the negated ErrorCode. */
  request(message: Uint8Array, length: number): number;
  /** Sends `update/state`: all but FETCHING are kept until the broker has them. */
  report(sequence: number, state: UpdateState, reason: ErrorCode, done: number, total: number): void;
  /** The agent has done all it can. @param restart an update is on trial from the next boot on */
  close(restart: boolean): void;
}

/** The application as a model's counterpart, or the model as an application's. */
export function activeCounterpart(traits: DeviceTraits, isModel: boolean): Counterpart | undefined {
  return traits.outputBytes
    ? {
        sequence: 0,
        operators: isModel ? traits.hasOperators : traits.needsOperators,
        inputBytes: traits.inputBytes,
        outputBytes: traits.outputBytes,
      }
    : undefined;
}

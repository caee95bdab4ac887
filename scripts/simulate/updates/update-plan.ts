import { SertaoError } from "../../errors/sertao-error.js";
import type { Fleet } from "../../fleet/fleet.js";
import { byDevice } from "../../fleet/store/by-device.js";
import type { Store } from "../../fleet/store/store.js";
import { openForPublishing, publish } from "../../fleet/updates/publish.js";
import { selectDevices } from "../../fleet/updates/select-devices.js";
import { progressText, reasonText } from "../../fleet/show/update-text.js";
import { encodeUpdateFile } from "../../ota/update-file.js";
import type { PlannedUpdate } from "./planned-update.js";
import type { SimulatedSigner } from "./simulated-signer.js";

/** What became of an update on one device. */
export interface UpdateOutcome {
  readonly name: string;
  readonly device: string;
  /** Virtual time of publication, and of what the device said last; milliseconds of the run. */
  readonly publishedMs: number;
  readonly changedMs: number | undefined;
  /** "confirmed", "rolled back"; the reason where nothing was published. */
  readonly state: string;
  /** Code and cause; empty where there is none. */
  readonly reason: string;
}

interface Published {
  readonly name: string;
  readonly atMs: number;
  /** Undefined where no device would take it. */
  readonly sequence: number | undefined;
  readonly problem: string;
}

/** Signs and publishes updates in the middle of a run, and tells what the devices made of them. */
export class UpdatePlan {
  readonly #published: Published[] = [];
  #work: Promise<void> = Promise.resolve();

  /** @param updates published one after another, in equal distances from the half of the run on */
  constructor(
    private readonly updates: readonly PlannedUpdate[],
    private readonly signer: SimulatedSigner,
    private readonly startMs: number,
  ) {}

  get publicKey(): Uint8Array {
    return this.signer.publicKey;
  }

  /** When each is published, milliseconds of a run of `endMs`. */
  times(endMs: number): number[] {
    return this.updates.map((_, i) => endMs * (0.5 + (0.5 * i) / this.updates.length));
  }

  /** Publishes the update of a number, counted from 0, to all devices that have said who they are. */
  publish(index: number, fleet: Fleet, atMs: number): void {
    this.#work = this.#work.then(() => this.#publish(this.updates[index]!, fleet, atMs));
  }

  /** Resolves when what was asked for is published. */
  settled(): Promise<void> {
    return this.#work;
  }

  async #publish({ name, image, manifest }: PlannedUpdate, fleet: Fleet, atMs: number): Promise<void> {
    // Above every one before: the run's own time, in seconds.
    const sequence = Math.floor((this.startMs + atMs) / 1000);
    const envelope = this.signer.sign({ ...manifest, sequence });
    const file = encodeUpdateFile({ envelope, image });
    try {
      const verified = openForPublishing(file, name, [this.publicKey]);
      await publish(fleet.store, [verified], await selectDevices(fleet.store, { all: true }), this.startMs + atMs);
      await fleet.offerUpdates();
      this.#published.push({ name, atMs, sequence, problem: "" });
    } catch (error) {
      if (!(error instanceof SertaoError)) throw error;
      this.#published.push({ name, atMs, sequence: undefined, problem: error.message });
    }
  }

  /** What has become of all of them, by device. */
  async outcomes(store: Store): Promise<UpdateOutcome[]> {
    const held = [...byDevice(await store.updates.ofDevices()).values()].flat();
    return this.#published.flatMap(({ name, atMs, sequence, problem }): UpdateOutcome[] => {
      const common = { name, publishedMs: atMs };
      if (sequence === undefined)
        return [{ ...common, device: "-", changedMs: undefined, state: "not published", reason: problem }];
      return held
        .filter((update) => update.sequence === sequence)
        .map((update) => ({
          ...common,
          device: update.device,
          changedMs: update.changedAt - this.startMs,
          state: progressText(update),
          reason: reasonText(update.reason),
        }));
    });
  }
}

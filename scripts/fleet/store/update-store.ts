/** Where an update is with one device, as the collector sees it. */
export type UpdatePhase =
  /** It is offered, or its turn comes. */
  | "open"
  /** The device has all of it: it waits for its companion or a restart, or is on trial. */
  | "fetched"
  /** The device has confirmed it, refused it or taken it back. */
  | "over"
  /** Taken back before the device had it. */
  | "withdrawn"
  /** Another one came before the device had it. */
  | "superseded";

/** A signed update to publish, taken apart. */
export interface PublishedUpdate {
  readonly sequence: number;
  readonly kind: string;
  /** The slot that a change of keys changes; empty for other kinds. */
  readonly keySlot: string;
  /** Sequence of the update that becomes active with it, or 0. */
  readonly companion: number;
  readonly envelope: Uint8Array;
  readonly image: Uint8Array;
}

/** A published update as the store has it. */
export interface StoredUpdate extends PublishedUpdate {
  /** Milliseconds since 1970: when it was published first. */
  readonly publishedAt: number;
}

/** An update of one device. */
export interface DeviceUpdate {
  readonly device: string;
  readonly sequence: number;
  readonly kind: string;
  readonly companion: number;
  readonly phase: UpdatePhase;
  readonly publishedAt: number;
  /** When phase, state or reason last changed. */
  readonly changedAt: number;
  /** What the device said last: a number of `update/state`, 0 where it has said nothing. */
  readonly state: number;
  readonly reason: number;
  readonly done: number;
  readonly total: number;
  /** True where a broker may hold the offer. */
  readonly retained: boolean;
  /** The board that the device says it is. */
  readonly board: string | null;
}

/** A state that a device reported: only changes are kept. */
export interface UpdateStateRow {
  readonly device: string;
  readonly sequence: number;
  readonly state: number;
  readonly reason: number;
  readonly receivedAt: number;
}

/** What became of a publication. */
export interface PublishOutcome {
  /** Devices with which it is open now. */
  readonly published: readonly string[];
  /** Devices that had it already. */
  readonly known: readonly string[];
}

/** What became of a withdrawal. */
export interface WithdrawOutcome {
  readonly withdrawn: readonly string[];
  /** Devices that had all of it already: nothing can be taken back from them. */
  readonly fetched: readonly string[];
}

/**
 * Updates, the devices that shall have them, and devices' tags. `test/contract/update-store.ts` holds every
 * implementation to this. All methods reject with a SertaoError (STORE_…) where the medium fails.
 */
export interface UpdateStore {
  /**
   * Publishes updates to devices, as one unit. What they replace and no device has yet is superseded: of the same kind,
   * with its companion.
   * @throws SertaoError OTA_SEQUENCE_TAKEN, OTA_SEQUENCE_OLD
   */
  publish(updates: readonly PublishedUpdate[], devices: readonly string[], now: number): Promise<PublishOutcome>;
  /** Takes an update and its companion back from those devices that do not have it yet. */
  withdraw(sequence: number, devices: readonly string[] | undefined, now: number): Promise<WithdrawOutcome>;
  /** A published update with its bytes. */
  update(sequence: number): Promise<StoredUpdate | undefined>;
  /** Every published update without its image, oldest first. */
  updates(): Promise<Omit<StoredUpdate, "image">[]>;
  /** Updates of devices, by device and sequence: of one, or of all. */
  ofDevices(device?: string): Promise<DeviceUpdate[]>;
  /** Those of them that are open or fetched, or whose offer a broker may still hold. */
  active(device?: string): Promise<DeviceUpdate[]>;
  /** One of them. */
  ofDevice(device: string, sequence: number): Promise<DeviceUpdate | undefined>;
  /** Remembers, before a broker is told, that it may hold these offers. */
  offering(offers: readonly { readonly device: string; readonly sequence: number }[]): Promise<void>;
  /** Remembers that the broker holds this offer of a device and no other; undefined: none. */
  offered(device: string, sequence: number | undefined): Promise<void>;
  /** Greatest sequence that each device was offered or has spoken of, but for some. */
  greatestSequences(except: readonly number[]): Promise<ReadonlyMap<string, number>>;
  /** Reported states in their order, the last thousand of each device. */
  history(device?: string): Promise<UpdateStateRow[]>;
  /** Adds tags to devices, or takes them away. */
  tag(devices: readonly string[], tags: readonly string[], remove: boolean): Promise<void>;
  /** Tags of each device that has any, in their order. */
  tags(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** A number that changes when another program has changed the store. */
  changes(): number;
}

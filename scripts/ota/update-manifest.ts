/** What an update is. */
export type UpdateKindName = "model" | "application" | "config" | "key";

/** The bytes that come with an update. */
export interface UpdateImage {
  readonly bytes: number;
  /** SHA-256 of all of it, as it runs. */
  readonly digest: Uint8Array;
  /** A multiple of 1,024: what a device verifies at a time. */
  readonly blockBytes: number;
  /** 16 bytes for each block. */
  readonly blockHashes: Uint8Array;
  /** How pieces of it travel. Digest and hashes are those of the unpacked bytes. */
  readonly compression: "none" | "heatshrink";
}

/** What a model needs, or what an application expects of its model. */
export interface ModelNeeds {
  /** Arena and scratch together; of a model only. */
  readonly arenaBytes: number;
  /** Operator codes: those that the model uses, or that the application has. */
  readonly operators: readonly number[];
  readonly inputBytes: number;
  readonly outputBytes: number;
  /** Golden vectors that must come out right in the self-test; of a model only. */
  readonly goldens: number;
}

/** When a device confirms an update, and when it takes it back. Absent: the device's own defaults. */
export interface Trial {
  /** Inferences that confirm it. */
  readonly inferences?: number;
  /** Crashed boots that condemn it. */
  readonly crashes?: number;
  /** Free memory that must be left. */
  readonly freeBytes?: number;
  /** Longest that an inference may take. */
  readonly inferenceMs?: number;
}

/** A key that is revoked, or replaced where there is a new one. */
export interface KeyChange {
  readonly slot: "working" | "spare";
  /** HSS public key, 60 bytes. */
  readonly newKey?: Uint8Array;
}

/** A manifest in the host's words (docs/updates.md); `encodeManifest` makes it what devices read. */
export interface UpdateManifest {
  readonly kind: UpdateKindName;
  /** 1 to 2^32 - 1: above that of every update before. */
  readonly sequence: number;
  /** Application that it is, or is for. */
  readonly application?: string;
  /** Boards that may take it; absent: any. */
  readonly boards?: readonly string[];
  /** The one device that may take it; absent: any. */
  readonly device?: string;
  /** Least version of the runtime, "0.1.0". */
  readonly runtime?: string;
  readonly image?: UpdateImage;
  readonly model?: ModelNeeds;
  /** Sequence of the update that becomes active with it. */
  readonly companion?: number;
  readonly trial?: Trial;
  readonly key?: KeyChange;
  /** For people, ASCII: "orchard-frost 0.2.0". */
  readonly label?: string;
}

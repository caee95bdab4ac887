/** Which language the board's firmware understands: chooses the dialect gate's rules. */
export type EngineName = "espruino" | "jerryscript" | "microquickjs";

/** Folder of firmware/platform/ that implements the hal interfaces on the board. */
export type PlatformName = "espruino";

/** What the model runs on: kernels of lib/nn, or the TensorFlow that the firmware has. */
export type BackendName = "loops" | "espruino" | "tensorflow";

/** Processors whose speed is known well enough for an estimate (scripts/model/cost). */
export type CpuName = "esp32" | "esp32c3" | "nrf52840";

/** A run of flash pages. */
export interface FlashRange {
  readonly address: number;
  readonly pageBytes: number;
  readonly pages: number;
}

/** Pages that neither the firmware nor its Storage uses, and what Sertão keeps there. */
export interface FreeRegion extends FlashRange {
  readonly name: "settings" | "outbox";
}

/** Something the firmware or the chip does not have. */
export interface Lack {
  readonly name: string;
  readonly why: string;
}

/** Pins that belong together, by the names the firmware gives them. */
export interface Bus {
  readonly name: string;
  readonly kind: "i2c" | "spi" | "uart";
  /** Signal to pin: `{ sda: "D21", scl: "D22" }`. */
  readonly pins: { readonly [signal: string]: string };
  /** Clock of the bus, or bits per second of a UART. */
  readonly busHz: number;
}

/** A file of the engine's firmware, and where it goes. */
export interface FirmwareFile {
  readonly part: "bootloader" | "partition table" | "application";
  readonly address: number;
  /** Names that the engine's builds give it. */
  readonly names: readonly string[];
}

/** How the firmware gets onto the chip through the loader in its ROM. */
export interface RomLoading {
  /** Chip id in the header of an image (Espressif, Firmware Image Format). */
  readonly imageChipId: number;
  /** Bits per second for writing. */
  readonly baudRate: number;
  readonly files: readonly FirmwareFile[];
}

/** What an application may take of the board; the build refuses more. */
export interface Budgets {
  /** Minified application. */
  readonly bundleBytes: number;
  /** Model pack. */
  readonly packBytes: number;
  /** JsVars of application, arena and outbox together, by the estimate of the size report. */
  readonly jsVars: number;
}

/** One kind of board: pure data, checked by `checkBoard`. */
export interface Board {
  /** Name on the command line. */
  readonly id: string;
  readonly title: string;
  readonly chip: string;
  /** Left out where nothing is known of its speed. */
  readonly cpu?: CpuName;
  readonly engine: EngineName;
  /** What the firmware's `process.env.BOARD` says. */
  readonly firmwareBoards: readonly string[];
  readonly platform: PlatformName;
  readonly backend: BackendName;
  /** The engine's memory: `count` at most, `bytesEach` of them also the data bytes one holds of a typed array. */
  readonly jsVars: { readonly count: number; readonly bytesEach: number };
  /** 4 where left out. */
  readonly pointerBytes?: 8;
  readonly flashBytes: number;
  /** Address 0 of the numbers below: where the firmware maps its flash. */
  readonly flashAddress: number;
  /** Where the firmware keeps named files. */
  readonly storage: FlashRange;
  readonly freeRegions: readonly FreeRegion[];
  /** Where the firmware's own files go; absent where the chip has no ROM loader of Espressif's kind. */
  readonly romLoading?: RomLoading;
  /** Writes to a free region begin and end at multiples of this. */
  readonly writeUnitBytes: number;
  /** How often a write unit may be written between erases. */
  readonly rewritesPerWord: number;
  /** Longer names are cut without a word. */
  readonly maxFileNameBytes: number;
  /** Modules for `require`, and abilities, that an application may count on. */
  readonly modules: readonly string[];
  readonly lacks: readonly Lack[];
  readonly budgets: Budgets;
  /** Pins that an application may use. */
  readonly pins: readonly string[];
  /** Pins that exist and are taken, with the reason. */
  readonly reservedPins: readonly Lack[];
  /** Those of `pins` whose level at reset chooses how the chip starts: a sensor on one may keep it from starting. */
  readonly bootPins?: readonly string[];
  /** Those of `pins` that the firmware reads voltages of. */
  readonly analogPins: readonly string[];
  /** Those of `pins` that the firmware does not count pulses of. */
  readonly unwatchablePins: readonly string[];
  readonly buses: readonly Bus[];
  /** Where the figures come from. */
  readonly sources: readonly string[];
}

/** Readings from a physical model: fresh seeds are the test set. */
export interface GeneratorSource {
  readonly kind: "generator";
  readonly generator: string;
  /** ISO 8601, first reading. */
  readonly start: string;
  readonly days: number;
  readonly trainSeeds: readonly number[];
  readonly testSeeds: readonly number[];
  readonly periodSec: number;
  /** How far ahead the label looks. */
  readonly horizonSec: number;
}

/** Recordings given on the command line. */
export interface CsvSource {
  readonly kind: "csv";
  /** Column with the class: its name, its index, or 0 and 1 where there is but one label. */
  readonly label: string;
  /** Column of each channel that is not named like it. */
  readonly map?: Readonly<Record<string, string>>;
  /** Rows that the label looks ahead; the validation part begins that much later. */
  readonly horizonRows?: number;
}

/** Device code that turns a window of samples into features. */
export interface FeatureCode {
  /** Path from training.json. */
  readonly module: string;
  /** Exported `(window: SampleWindow, out: Float32Array) => boolean`. */
  readonly function: string;
  readonly windowSamples: number;
  readonly names: readonly string[];
}

export interface TrainingOptions {
  readonly hidden: readonly number[];
  readonly seed: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** L2 penalty on weights. */
  readonly weightDecay: number;
  /** Weight of each class in the loss: as given, or such that all classes count the same. */
  readonly classWeights: "none" | "balanced" | readonly number[];
  /** Last part of the runs in their order, kept from training. */
  readonly validationFraction: number;
  /** How many times recall counts as much as precision where the threshold of a yes/no model is chosen. */
  readonly thresholdBeta: number;
  /** Epochs without a better validation loss before it stops. */
  readonly patience: number;
}

export interface TrainingConfig {
  readonly name: string;
  readonly source: GeneratorSource | CsvSource;
  readonly channels: readonly string[];
  /** Without it the features are the channels of the newest sample. */
  readonly features?: FeatureCode;
  /** One label: a yes/no model with a logistic output. Two or more: classes with a softmax output. */
  readonly labels: readonly string[];
  readonly training: TrainingOptions;
  /** Folder for what is made, from training.json. */
  readonly out: string;
}

/** What training.json may leave out. */
export const DEFAULT_TRAINING: TrainingOptions = {
  hidden: [16, 8],
  seed: 1,
  epochs: 60,
  batchSize: 64,
  learningRate: 0.003,
  weightDecay: 0.0001,
  classWeights: "none",
  validationFraction: 0.2,
  thresholdBeta: 1,
  patience: 10,
};

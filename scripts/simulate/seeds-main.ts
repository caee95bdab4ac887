import { seeds } from "./seeds.js";

const DEFAULT_SEEDS = 50;

process.exitCode = await seeds(Number(process.argv[2] ?? DEFAULT_SEEDS), process.argv[3] ?? "rural");

import { espruinoBuild, type CompileOptions, type Engine } from "./dist.ts";

/** A way to run a model on an engine. */
export interface Variant {
  readonly engine: Engine;
  /** The command, where it is not the engine's own. */
  readonly command?: string;
  readonly label: string;
  readonly options: Pick<CompileOptions, "backend" | "plan"> & { readonly backend: "loops" | "espruino" };
  /** True where weights are read from Storage, through a file. */
  readonly storage: boolean;
}

/** The ways to run a model on an engine, with weights in memory. */
export function variants(engine: Engine): Variant[] {
  return engine.backends.flatMap((backend): Variant[] => {
    // The firmware's own code is not what is measured here.
    if (backend === "tensorflow") return [];
    if (backend === "loops") return [{ engine, label: "loops", options: { backend }, storage: false }];
    return (["fast", "lean"] as const).map((plan) => ({
      engine,
      label: `${backend}, ${plan}`,
      options: { backend, plan },
      storage: false,
    }));
  });
}

/** Bytes that Storage has on each build of Espruino for Linux. */
const STORAGE_BYTES: Record<string, number> = { espruino: 262144, "espruino-field": 4194304 };

/** The same with weights in Storage, for a pack of `packBytes`, on every build that has room for it. */
export function storageVariants(plan: "fast" | "lean", packBytes: number): Variant[] {
  return Object.entries(STORAGE_BYTES)
    .filter(([, bytes]) => packBytes < bytes - 4096)
    .map(([command]): Variant => {
      const engine = espruinoBuild(command, "storage");
      return { engine, command, label: `espruino, ${plan}`, options: { backend: "espruino", plan }, storage: true };
    })
    .filter(({ engine }) => engine.find() !== undefined);
}

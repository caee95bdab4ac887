import { TraceMap, decodedMappings } from "@jridgewell/trace-mapping";
import type { Script } from "./minify.js";

/** Bytes of the minified script that come from one module. */
export interface ModuleSize {
  /** "lib/mqtt", "firmware/platform", "app", or "glue" for what no source accounts for. */
  readonly module: string;
  readonly bytes: number;
}

/**
 * Attributes every byte of a script to the module it was written in: a byte belongs to the source of the last mapping
 * at or before it on its line. The sum is the length of the script.
 * @param moduleOf module of a source, as the map names it
 */
export function moduleSizes(script: Script, moduleOf: (source: string) => string): ModuleSize[] {
  const map = new TraceMap(script.map);
  const lines = script.code.split("\n");
  const sizes = new Map<string, number>();
  const add = (module: string, bytes: number): void => {
    if (bytes > 0) sizes.set(module, (sizes.get(module) ?? 0) + bytes);
  };
  decodedMappings(map).forEach((segments, line) => {
    const length = lines[line]?.length ?? 0;
    add("glue", Math.min(segments[0]?.[0] ?? length, length));
    segments.forEach((segment, i) => {
      const end = Math.min(segments[i + 1]?.[0] ?? length, length);
      const source = segment.length > 1 ? map.sources[segment[1]!] : undefined;
      add(source ? moduleOf(source) : "glue", end - segment[0]);
    });
  });
  const counted = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  add("glue", script.code.length - counted);
  return [...sizes].map(([module, bytes]) => ({ module, bytes })).sort((a, b) => b.bytes - a.bytes);
}

/** The module that a source belongs to: two folders of the package, or the application. */
export function packageModule(source: string): string {
  const parts = source.split("/");
  const at = parts.findLastIndex((part) => part === "lib" || part === "firmware" || part === "tslib");
  if (at < 0) return "app";
  const [root, folder] = parts.slice(at);
  if (root === "tslib") return "language helpers";
  if (root === "firmware" && folder === "apps") return "app";
  return parts.length - at > 2 ? `${root}/${folder}` : root!;
}

import type { Sampler } from "../sensing/sampler.js";

/** Tells whoever watches of a sample that was taken. */
export function observeSample(platform: { observe(name: string, value: number): void }, sampler: Sampler): void {
  platform.observe("sample", sampler.taken);
  platform.observe("missed", sampler.missed);
  platform.observe("lateMs", sampler.lateMs);
}

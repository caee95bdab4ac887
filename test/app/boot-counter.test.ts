import { expect, test } from "vitest";
import { countBoot } from "../../lib/app/boot-counter.js";
import type { FileStore } from "../../lib/hal/file-store.js";

class MemoryFiles implements FileStore {
  readonly files = new Map<string, Uint8Array>();

  read(name: string): ArrayBuffer | undefined {
    return this.files.get(name)?.slice().buffer;
  }

  pieces(): ArrayBuffer[] {
    return [];
  }

  write(name: string, bytes: Uint8Array): boolean {
    this.files.set(name, bytes.slice());
    return true;
  }

  erase(name: string): void {
    this.files.delete(name);
  }
}

test("counts from 1", () => {
  const files = new MemoryFiles();
  expect([countBoot(files), countBoot(files), countBoot(files)]).toEqual([1, 2, 3]);
});

test("a power cut in any write, whatever it leaves of that file, never repeats a number that was used", () => {
  for (const left of [undefined, new Uint8Array(8).fill(255), new Uint8Array([9, 0, 0, 0, 0, 0, 0, 0])]) {
    const files = new MemoryFiles();
    for (let boot = 1; boot <= 6; boot++) {
      expect(countBoot(files)).toBe(boot);
      // The cut tears the file that this boot wrote: the boot itself did not get further, so its number may come again.
      const torn = new MemoryFiles();
      for (const [name, bytes] of files.files) torn.files.set(name, bytes);
      const written = [...files.files].find(([, bytes]) => bytes[0] === boot)![0];
      if (left) torn.files.set(written, left);
      else torn.files.delete(written);
      expect(countBoot(torn)).toBe(boot);
    }
  }
});

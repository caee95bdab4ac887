const VERSION = /^(\d{1,5})\.(\d{1,3})\.(\d{1,3})$/;

/** "major.minor.patch" as a number that grows with it; undefined where the text is no such version. */
export function versionNumber(text: string): number | undefined {
  const [, major, minor, patch] = VERSION.exec(text) ?? [];
  if (Number(major) > 65535 || Number(minor) > 255 || Number(patch) > 255 || major === undefined) return undefined;
  return Number(major) * 65536 + Number(minor) * 256 + Number(patch);
}

/** The text of a version number. */
export function versionText(number: number): string {
  return [number >>> 16, (number >>> 8) & 255, number & 255].join(".");
}

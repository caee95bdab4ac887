/** "major.minor.patch" as a number that compares: major * 65536 + minor * 256 + patch. */
export function versionNumber(text: string): number {
  const parts = text.split(".");
  return +parts[0]! * 65536 + +parts[1]! * 256 + +parts[2]!;
}

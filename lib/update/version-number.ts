/** "major.minor.patch" as a number that compares: major * 65536 + minor * 256 + patch. */
export function versionNumber(text: string): number {
  let number = 0;
  const parts = text.split(".");
  for (let i = 0; i < 3; i++) number = number * 256 + parseInt(parts[i]!, 10);
  return number;
}

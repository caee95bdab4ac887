/** Writes what libraries say to stderr where SERTAO_DEBUG is set; nothing elsewhere. */
export function debugLog(line: string): void {
  if (process.env["SERTAO_DEBUG"]) process.stderr.write(`${line.trimEnd()}\n`);
}

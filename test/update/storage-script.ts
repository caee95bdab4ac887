/** A script for Espruino that puts files in its Storage and then runs `code`. */
export function storageScript(files: Readonly<Record<string, Uint8Array>>, code: string): string {
  const writes = Object.entries(files).map(
    ([name, bytes]) =>
      `require("Storage").write(${JSON.stringify(name)},atob("${Buffer.from(bytes).toString("base64")}"));\n`,
  );
  return `${writes.join("")}${code}`;
}

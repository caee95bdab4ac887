/** Rows by the device they are of, each in its order. */
export function byDevice<Row extends { readonly device: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const known = groups.get(row.device);
    if (known === undefined) groups.set(row.device, [row]);
    else known.push(row);
  }
  return groups;
}

/** A table of texts. */
export interface CsvTable {
  readonly header: readonly string[];
  /** Rows with the number of their line. */
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

/**
 * Reads comma-separated values (RFC 4180, or semicolons where the header has no comma). Rows one longer than the header
 * begin with a row number that has no heading, as R writes them: it is dropped.
 */
export function parseCsv(text: string): CsvTable {
  const firstLine = text.slice(0, text.indexOf("\n") < 0 ? undefined : text.indexOf("\n"));
  const lines = splitCsv(text.replace(/^\uFEFF/, ""), firstLine.includes(",") ? "," : ";");
  const header = lines[0]?.cells.map((cell) => cell.trim()) ?? [];
  const rows = lines.slice(1).filter(({ cells }) => cells.length > 1 || cells[0]!.trim() !== "");
  const isNumbered = rows.length > 0 && rows.every(({ cells }) => cells.length === header.length + 1);
  return { header, rows: isNumbered ? rows.map(({ line, cells }) => ({ line, cells: cells.slice(1) })) : rows };
}

function splitCsv(text: string, separator: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = [];
  let cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  let line = 1;
  let began = 1;
  const endRow = (): void => {
    cells.push(cell);
    rows.push({ line: began, cells });
    cells = [];
    cell = "";
    began = line;
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === "\n") line++;
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[i + 1] === '"') cell += text[++i]!;
      else isQuoted = false;
    } else if (char === '"') isQuoted = true;
    else if (char === separator) {
      cells.push(cell);
      cell = "";
    } else if (char === "\n") endRow();
    else if (char !== "\r") cell += char;
  }
  if (cell !== "" || cells.length > 0) endRow();
  return rows;
}

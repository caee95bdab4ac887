import { existsSync, readFileSync } from "node:fs";
import { csvColumnMissing, csvInvalid } from "../errors/train.js";
import { fileMissing } from "../errors/files.js";

/** A recording as named columns of text. */
export interface CsvTable {
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Reads comma, semicolon or tab separated values (RFC 4180 quotes). The first line names the columns; where each row
 * has one field more than that, the first is a row number and is dropped.
 */
export function readCsv(path: string): CsvTable {
  if (!existsSync(path)) throw fileMissing(path);
  return parseCsv(readFileSync(path, "utf8"), path);
}

/** As `readCsv`, of text; `path` is for messages. */
export function parseCsv(text: string, path: string): CsvTable {
  const body = text.replace(/^\uFEFF/, "");
  const firstLine = body.slice(0, body.search(/\r?\n|$/));
  const separator = [";", "\t"].find((mark) => firstLine.split(mark).length > firstLine.split(",").length) ?? ",";
  const [header, ...rows] = splitRecords(body, separator, path);
  if (header === undefined || rows.length === 0) throw csvInvalid(path, "it has no rows");
  const numbered = rows.every((row) => row.length === header.length + 1);
  rows.forEach((row, index) => {
    if (numbered) row.shift();
    if (row.length !== header.length) {
      throw csvInvalid(path, `row ${index + 1} has ${row.length} fields and not ${header.length}`);
    }
  });
  return { path, columns: header.map((name) => name.trim()), rows };
}

function splitRecords(text: string, separator: string, path: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const mark = text[i]!;
    if (quoted) {
      if (mark !== '"') field += mark;
      else if (text[i + 1] === '"') field += text[++i];
      else quoted = false;
    } else if (mark === '"' && field === "") quoted = true;
    else if (mark === separator) {
      record.push(field);
      field = "";
    } else if (mark === "\n" || (mark === "\r" && text[i + 1] === "\n")) {
      if (mark === "\r") i++;
      record.push(field);
      if (record.length > 1 || field !== "") records.push(record);
      record = [];
      field = "";
    } else field += mark;
  }
  if (quoted) throw csvInvalid(path, "a quote is never closed");
  if (field !== "" || record.length > 0) records.push([...record, field]);
  return records;
}

/** Index of a column. */
export function columnIndex(table: CsvTable, column: string): number {
  const index = table.columns.indexOf(column);
  if (index < 0) throw csvColumnMissing(table.path, column, table.columns.join(", "));
  return index;
}

/** A field as a number. An empty one is NaN: a sensor that failed. */
export function numberAt(table: CsvTable, row: number, column: number): number {
  const text = table.rows[row]![column]!.trim();
  if (text === "" || /^(nan|na|null)$/i.test(text)) return NaN;
  const value = Number(text);
  if (Number.isNaN(value)) {
    throw csvInvalid(table.path, `row ${row + 1}: "${text}" in column "${table.columns[column]}" is not a number`);
  }
  return value;
}

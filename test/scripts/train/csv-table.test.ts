import { expect, test } from "vitest";
import { columnIndex, numberAt, parseCsv, readCsv } from "../../../scripts/train/csv-table.js";

test("quotes, doubled quotes, separators and line ends inside them, CRLF, a byte order mark", () => {
  const table = parseCsv('\uFEFFa,"b, c"\r\n1,"say ""no"""\r\n2,"two\nlines"\r\n', "x.csv");
  expect(table.columns).toEqual(["a", "b, c"]);
  expect(table.rows).toEqual([
    ["1", 'say "no"'],
    ["2", "two\nlines"],
  ]);
});

test("a row number that the header does not name is dropped", () => {
  const table = parseCsv('"date","t"\n"1","d1",20\n"2","d2",21\n', "x.csv");
  expect(table.rows).toEqual([
    ["d1", "20"],
    ["d2", "21"],
  ]);
});

test("semicolons and tabs separate where the header has more of them; empty lines are nothing", () => {
  expect(parseCsv("a;b\n1,5;2\n\n", "x.csv").rows).toEqual([["1,5", "2"]]);
  expect(parseCsv("a\tb\n1\t2", "x.csv").rows).toEqual([["1", "2"]]);
});

test("numbers, and the gaps that failed sensors leave", () => {
  const table = parseCsv("a,b\n 1.5 ,\nNaN,null\n-2e3,x\n", "x.csv");
  expect(numberAt(table, 0, 0)).toBe(1.5);
  expect(numberAt(table, 0, 1)).toBeNaN();
  expect(numberAt(table, 1, 0)).toBeNaN();
  expect(numberAt(table, 1, 1)).toBeNaN();
  expect(numberAt(table, 2, 0)).toBe(-2000);
  expect(() => numberAt(table, 2, 1)).toThrow(/CSV_INVALID: x.csv: row 3: "x" in column "b"/);
});

test("what is not a table is refused with file, row and reason", () => {
  expect(() => parseCsv("", "x.csv")).toThrow(/CSV_INVALID: x.csv: it has no rows/);
  expect(() => parseCsv("a,b\n", "x.csv")).toThrow(/no rows/);
  expect(() => parseCsv("a,b\n1,2\n3\n", "x.csv")).toThrow(/row 2 has 1 fields and not 2/);
  expect(() => parseCsv('a,b\n1,"2\n', "x.csv")).toThrow(/quote is never closed/);
  expect(() => columnIndex(parseCsv("a,b\n1,2\n", "x.csv"), "c")).toThrow(/CSV_COLUMN_MISSING.*it has a, b/);
  expect(() => readCsv("/nowhere/x.csv")).toThrow(/FILE_MISSING/);
});

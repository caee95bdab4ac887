import { describe, expect, it } from "vitest";
import { boards } from "../../../boards/index.js";
import { bufferVars, jsVarLayout, nameVars, textVars } from "../../../scripts/jsvars/jsvar-layout.js";

describe("the layout of a JsVar", () => {
  it.each(boards.map((board) => [board.id, board] as const))("of %s has the bytes of the board's data", (_, board) => {
    expect(jsVarLayout(board.jsVars).bytesEach).toBe(board.jsVars.bytesEach);
  });

  it("keeps integers in names as far as a reference reaches", () => {
    expect(jsVarLayout({ count: 16383, bytesEach: 14 })).toMatchObject({ leastInline: -8192, greatestInline: 8191 });
    expect(jsVarLayout({ count: 1600, bytesEach: 12 })).toMatchObject({ leastInline: -1024, greatestInline: 1023 });
  });

  // As trace() of Espruino 2v29 with 14-byte JsVars shows them: [n blocks].
  it.each([
    ["pack", 1],
    ["input", 2],
    ["prototype", 2],
    ["ArrayBufferView", 3],
  ])("takes for the name %s %i", (name, vars) => {
    expect(nameVars(jsVarLayout({ count: 16383, bytesEach: 14 }), name.length)).toBe(vars);
  });

  it("puts few bytes in texts, many in one piece behind a header", () => {
    const layout = jsVarLayout({ count: 16383, bytesEach: 14 });
    expect([0, 9, 10, 19].map((bytes) => textVars(layout, bytes))).toEqual([1, 1, 2, 2]);
    expect([0, 9, 19].map((bytes) => bufferVars(layout, bytes))).toEqual([2, 2, 3]);
    expect([20, 64, 4096].map((bytes) => bufferVars(layout, bytes))).toEqual([4, 7, 295]);
  });
});

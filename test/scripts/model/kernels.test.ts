import { expect, it } from "vitest";
import { kernels } from "../../../scripts/model/kernels.js";

it("operators that packs name have a code each", () => {
  const codes = Object.values(kernels).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

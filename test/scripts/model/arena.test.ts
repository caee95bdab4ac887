import { describe, expect, it } from "vitest";
import { arenaSvg } from "../../../scripts/model/arena/arena-svg.js";
import { arenaTenants } from "../../../scripts/model/arena/tenants.js";
import { compileModel } from "../../../scripts/model/compile.js";
import { loadGolden } from "../../support/golden.js";
import { shared } from "../../support/shared.js";
import { movingNet, smallConvNet } from "../../support/small-models.js";

const { report } = compileModel(smallConvNet(), { rounding: "tflm" });

describe("tensors in the arena", () => {
  it("are listed as they come to life, with what takes over whose bytes", () => {
    const tenants = arenaTenants(report);
    expect(tenants.map(({ name, bytes, first, last }) => [name, bytes, first, last])).toEqual([
      ["image", 192, 0, 1],
      ["conv", 512, 1, 3],
      ["depthwise", 512, 2, 3],
      ["sum", 512, 3, 4],
      ["pooled", 8, 4, 5],
      ["logits", 4, 5, 6],
      ["probabilities", 4, 6, 7],
    ]);
    // ADD runs in place of one of its inputs, SOFTMAX of its input; the others need both.
    const inPlace = tenants.filter(({ inPlaceOf }) => inPlaceOf !== undefined);
    expect(inPlace.map(({ name, inPlaceOf }) => [name, tenants[inPlaceOf! - 1]!.name])).toEqual([
      ["sum", "conv"],
      ["probabilities", "logits"],
    ]);
    for (const { offset, inPlaceOf } of inPlace) expect(tenants[inPlaceOf! - 1]!.offset).toBe(offset);
  });

  it.each([smallConvNet(), movingNet()])("never share bytes while both live, but in place", (model) => {
    const tenants = arenaTenants(compileModel(model, { rounding: "tflm" }).report);
    for (const a of tenants) {
      for (const b of tenants) {
        if (a.number >= b.number || a.last < b.first || b.last < a.first || b.inPlaceOf === a.number) continue;
        expect(a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset, `${a.name}, ${b.name}`).toBe(true);
      }
    }
  });
});

/** Attributes of every element of a kind. */
function elements(svg: string, kind: string): Record<string, string>[] {
  return [...svg.matchAll(new RegExp(`<${kind} ([^>]*?)/?>`, "g"))].map(([, attributes]) =>
    Object.fromEntries([...attributes!.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name!, value!])),
  );
}

describe("the drawing of the arena", () => {
  const svg = arenaSvg(report, "a <small> & conv net");
  const rectangles = [...svg.matchAll(/<rect ([^>]*)><title>([^<]*)<\/title>/g)];

  it("is well-formed and escapes what it is given", () => {
    const open: string[] = [];
    for (const [, close, name, selfClosed] of svg.matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (close) expect(open.pop()).toBe(name);
      else if (!selfClosed) open.push(name!);
    }
    expect(open).toEqual([]);
    expect(svg).toContain("a &lt;small&gt; &amp; conv net");
  });

  it("has a rectangle for each tensor, dashed where it is in place, within 900 pixels", () => {
    expect(rectangles.map(([, , title]) => title!.split(":")[0])).toEqual(arenaTenants(report).map(({ name }) => name));
    expect(rectangles.filter(([, attributes]) => attributes!.includes("stroke-dasharray"))).toHaveLength(2);
    expect(elements(svg, "svg")[0]).toMatchObject({ width: "900" });
    for (const { x, y, width, height } of elements(svg, "rect").slice(1)) {
      expect(Number(x)).toBeGreaterThanOrEqual(0);
      expect(Number(x) + Number(width)).toBeLessThanOrEqual(900);
      expect(Number(y) + Number(height)).toBeLessThanOrEqual(Number(elements(svg, "svg")[0]!["height"]));
    }
  });

  it("draws the least that any plan needs", () => {
    expect(svg).toContain(`tensors alive at one time: ${report.liveBytes.toLocaleString("en")} B at most`);
    expect(svg).toContain(`arena ${report.arenaBytes.toLocaleString("en")} B`);
  });

  it.skipIf(!shared)("keeps labels apart in large models (needs ../shared)", () => {
    for (const name of ["mlperf_kws_dscnn", "mlperf_ic_resnet8"]) {
      const drawn = arenaSvg(compileModel(loadGolden(name).model, { rounding: "tflm" }).report, name);
      const texts = elements(drawn, "text").filter(({ x }) => x !== undefined);
      const places = texts.map(({ x, y, "text-anchor": anchor }) => `${x} ${y} ${anchor}`);
      expect(new Set(places).size, name).toBe(places.length);
    }
  });
});

import { expect, it } from "vitest";
import { minify } from "../../../scripts/bundle/minify.js";

const SOURCE = `(function () {
  function outer(one, two) {
    function fail() { throw one; }
    function names() { return two + fail.length; }
    try { fail(); } catch (problem) { print(problem, names()); return problem; }
    return fail() + names() + fail() + names();
  }
  print(outer(input(), input()), outer(input(), 1));
})();`;

it("gives a caught error a name of its own: MicroQuickJS takes it for a variable of the whole function", async () => {
  const { code } = await minify({ code: SOURCE, map: '{"version":3,"sources":[],"mappings":""}' });
  const [, caught] = /catch\((\w+)\)/.exec(code)!;
  const declared = [...code.matchAll(/(?:function \w*\(|var )([^){;]*)/g)].flatMap(([, names]) =>
    names!.split(",").map((name) => name.split("=")[0]),
  );
  expect(declared).not.toContain(caught);
  expect([...code.matchAll(/function (\w+)/g)].map(([, name]) => name)).not.toContain(caught);
});

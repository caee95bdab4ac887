import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { compactClasses } from "../../../scripts/bundle/compact-classes.js";

const CLASS = `(function () {
var Counter = /*@__PURE__*/ (function () {
    function Counter() {
        this.value = 0;
    }
    Counter.prototype.add = function (n) {
        this.value += n;
        return this;
    };
    Object.defineProperty(Counter.prototype, "twice", {
        get: function () {
            return 2 * this.value;
        },
        set: function (twice) {
            this.value = twice / 2;
        },
        enumerable: false,
        configurable: true
    });
    Counter.prototype.unused = function () {
        return this.onlyFromUnused();
    };
    Counter.prototype.onlyFromUnused = function () {
        return 1;
    };
    Counter.prototype.toString = function () {
        return "counter " + this.value;
    };
    return Counter;
}());
var counter = new Counter().add(3).add(4);
counter.twice = counter.twice + 10;
print(counter + " " + counter.twice);
})();
`;

function printed(code: string): unknown[] {
  const lines: unknown[] = [];
  runInNewContext(code, { print: (line: unknown) => lines.push(line) });
  return lines;
}

describe("compactClasses", () => {
  test("gives code that does the same", () => {
    expect(printed(CLASS)).toEqual(["counter 12 24"]);
    expect(printed(compactClasses(CLASS))).toEqual(["counter 12 24"]);
  });

  test("writes one literal for a prototype", () => {
    const code = compactClasses(CLASS);
    expect(code).toContain("Counter.prototype={add: function");
    expect(code).not.toContain("defineProperty");
  });

  test("drops methods that nobody calls, and then those that only they call", () => {
    expect(compactClasses(CLASS)).not.toMatch(/nused/);
    expect(compactClasses(CLASS)).toContain("toString");
  });

  test("keeps a method that is named by a text or read without a call", () => {
    const named = CLASS.replace("print(counter", 'print(counter["unused"]() + counter');
    expect(printed(compactClasses(named))).toEqual(["1counter 12 24"]);
    const read = CLASS.replace("print(counter", "var f = counter.unused; print(counter");
    expect(compactClasses(read)).toContain("onlyFromUnused");
  });

  test("moves no character of what stays", () => {
    const code = compactClasses(CLASS);
    expect(code).toHaveLength(CLASS.length);
    for (const text of ["this.value += n", "2 * this.value", "this.value = twice / 2", '"counter "', "new Counter()"])
      expect(code.indexOf(text)).toBe(CLASS.indexOf(text));
    expect(code.split("\n").map((line) => line.length)).toEqual(CLASS.split("\n").map((line) => line.length));
  });

  test("keeps every line where an accessor comes first", () => {
    const method = /    Counter\.prototype\.add = [^]*?\n    };\n/.exec(CLASS)![0];
    const code = CLASS.replace(method, "").replace(
      "    Counter.prototype.unused",
      `${method}    Counter.prototype.unused`,
    );
    const compact = compactClasses(code);
    expect(compact).toContain("Counter.prototype={get twice");
    expect(compact.split("\n").map((line) => line.length)).toEqual(code.split("\n").map((line) => line.length));
    expect(printed(compact)).toEqual(["counter 12 24"]);
  });

  test("leaves a class alone that holds more than members", () => {
    const code = CLASS.replace("    return Counter;\n", "    Counter.made = 0;\n    return Counter;\n");
    expect(compactClasses(code)).toContain("Counter.prototype.add = function");
    expect(printed(compactClasses(code))).toEqual(["counter 12 24"]);
  });
});

import { runInNewContext } from "node:vm";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { build } from "./app-folder.js";

function printed(code: string): string[] {
  const lines: string[] = [];
  runInNewContext(code, { print: (line: unknown) => lines.push(String(line)) });
  return lines;
}

/** The bundle prints what the source prints when it is merely stripped of its types, and is given for a closer look. */
async function same(source: string): Promise<string> {
  const text = `declare function print(line: unknown): void;\n${source}`;
  const { outputText } = ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2020 } });
  const { code } = await build(text);
  const expected = printed(outputText.replace(/^export \{\};$/m, ""));
  expect(expected.length).toBeGreaterThan(0);
  expect(printed(code)).toEqual(expected);
  return code;
}

describe("a bundle as a closed world", () => {
  test("methods become functions, through an interface with one implementation too", async () => {
    const code = await same(`
      interface Store { put(n: number): void; total(): number }
      class Sum implements Store {
        private readonly _all: number[] = [];
        put(n: number): void { this._all.push(n); this._note(n); }
        total(): number { return this._all.reduce((a, b) => a + b, 0) + this._extra(); }
        private _note(n: number): void { if (n > 2) this._all.push(-1); }
        private _extra(): number { return [1, 2].map((k) => k * this._all.length).length; }
      }
      function fill(store: Store): Store { for (let i = 0; i < 5; i++) store.put(i); return store; }
      print(fill(new Sum()).total());`);
    expect(code).not.toMatch(/prototype/);
  });

  test("with two implementations, or a literal as one, a call still finds the right method", async () => {
    const code = await same(`
      interface Shape { area(): number }
      class Square implements Shape { constructor(private readonly _side: number) {} area(): number { return this._side * this._side; } }
      class Circle implements Shape { constructor(private readonly _r: number) {} area(): number { return 3 * this._r; } }
      const shapes: Shape[] = [new Square(2), new Circle(2), { area: () => 7 }];
      for (let i = 0; i < shapes.length; i++) print(shapes[i]!.area());`);
    expect(code.match(/prototype/g)!.length).toBeGreaterThan(1);
  });

  test("a class that fits an interface by shape alone counts as an implementation", async () => {
    await same(`
      interface Named { label(): string }
      class A implements Named { label(): string { return "a"; } }
      class B { label(): string { return "b"; } }
      function show(one: Named): void { print(one.label()); }
      show(new A()); show(new B());`);
  });

  test("a method used as a value, by a text, through any or by destructuring stays a method", async () => {
    await same(`
      class Tool {
        constructor(readonly n: number) {}
        asValue(): number { return this.n; }
        byText(): number { return this.n + 1; }
        throughAny(): number { return this.n + 2; }
        taken(): number { return 3; }
        toString(): string { return "tool " + this.n; }
      }
      const tool = new Tool(5);
      print(tool.asValue.call(new Tool(9)));
      print(tool["byText"]());
      print((tool as any).throughAny());
      const { taken } = tool;
      print(taken());
      print("" + tool);`);
  });

  test("two classes may have methods of one name", async () => {
    await same(`
      class A { go(): string { return this._step() + "a"; } private _step(): string { return "A"; } }
      class B { go(): string { return this._step() + "b"; } private _step(): string { return "B"; } }
      print(new A().go() + new B().go());`);
  });

  test("this is the same in callbacks, nested callbacks and the constructor", async () => {
    await same(`
      class Counter {
        count = 0;
        private readonly _add = (): void => { this.count++; };
        constructor(readonly step: number) { this.run(() => { this.count += step; }); }
        run(work: () => void): void { work(); this._add(); [1, 2].forEach(() => { [3].forEach(() => { this.count += this.step; }); }); }
      }
      print(new Counter(10).count);`);
  });

  test("members that nothing reads are gone, but not what writing them does", async () => {
    const code = await same(`
      class Meter {
        ticks = 0;
        noise = 0;
        set level(to: number) { this.ticks = to; }
        private readonly _made = once();
        tick(): void { this.ticks++; this.noise++; if (this.ticks > 2) this.noise = 4; else print("low"); }
      }
      function once(): number { print("made"); return 1; }
      const meter = new Meter();
      meter.tick();
      meter.level = 8;
      print(meter.ticks);
      const table = { read: 1, unread: 123456, called: (): number => 654321 };
      print(table.read);`);
    expect(code).not.toMatch(/123456|654321/);
  });

  test("names that the world outside sees are kept", async () => {
    await same(`
      print(JSON.stringify({ wireName: 1, "quoted name": 2 }));
      const parsed = JSON.parse('{"fieldName": {"inner": [1, 2, 3]}}');
      print(parsed.fieldName.inner.length);
      interface Known { secondField: number }
      const known: { [name: string]: Known } = { entry: { secondField: 4 } };
      print(known["entry"]!.secondField);`);
  });

  test("private names that engines use themselves do no harm", async () => {
    await same(`
      class Buffer2 { length2 = 0; private readonly _bytes = new Uint8Array(4);
        push(n: number): void { this._bytes[this.length2++] = n; }
        slice(): number { return this._bytes.length + this.length2; } }
      const buffer = new Buffer2(); buffer.push(3); buffer.push(4);
      print(buffer.slice()); print([1, 2, 3].slice(1).length);`);
  });
});

import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

function diagnose(fixture: string): string[] {
  const file = fileURLToPath(new URL(`../fixtures/privacy/${fixture}`, import.meta.url));
  const config = fileURLToPath(new URL("../../tsconfig.device.json", import.meta.url));
  const read = ts.readConfigFile(config, (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(
    read.config,
    ts.sys,
    fileURLToPath(new URL("../..", import.meta.url)),
  );
  const program = ts.createProgram([file], { ...options, composite: false, noEmit: true });
  return ts.getPreEmitDiagnostics(program).map(({ file: at, start, messageText }) => {
    const line = at && start !== undefined ? at.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

test("a raw sample cannot be handed to the uplink: the two ways tried do not compile", () => {
  const found = diagnose("raw-sample.ts");
  expect(found).toHaveLength(2);
  expect(found[0]).toMatch(/^6: .*'number' is not assignable to parameter of type 'ModelResult'/);
  expect(found[1]).toMatch(/^7: .*not assignable to parameter of type 'ModelResult'/);
});

test("a model's result can", () => {
  expect(diagnose("model-result.ts")).toEqual([]);
});

import ts from "typescript";
import type { SourceRule } from "./source-rule.js";

const PORTS = /\/firmware\/platform\//;

/** The port declares its engine's globals for the whole program: nobody else may use them. */
export const engineGlobal: SourceRule = {
  name: "global of the engine outside firmware/platform",
  reason: "The same code runs on every engine.",
  remedy: "Take it from the platform through hal.",
  engines: ["espruino", "jerryscript", "microquickjs"],
  matches: (node, checker) => {
    if (!ts.isIdentifier(node) || PORTS.test(node.getSourceFile().fileName)) return false;
    const declaration = checker.getSymbolAtLocation(node)?.declarations?.[0];
    // A member is of whatever the platform hands out.
    if (declaration === undefined || ts.isPropertySignature(declaration) || ts.isMethodSignature(declaration))
      return false;
    const source = declaration.getSourceFile();
    return source.isDeclarationFile && PORTS.test(source.fileName);
  },
};

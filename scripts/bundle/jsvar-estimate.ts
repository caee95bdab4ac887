import type { Node } from "acorn";
import { isFunction, parseScript } from "./dialect/script.js";

/**
 * Estimated engine memory, in JsVars. An estimate: it counts what the script defines when it starts, from the figures
 * below, and not what the application makes while it runs. Only a run on the engine measures (`simulate --engine`).
 */
export interface JsVarEstimate {
  /** Functions, objects, numbers and texts of the application, evaluated from Storage. */
  readonly code: number;
  /** The model's arena, scratch, views and lists (`sertao model compile` has the parts); weights stay in flash. */
  readonly model: number;
  /** Network stack, timers and console of a running application. */
  readonly runtime: number;
  readonly total: number;
}

// Measured on Espruino 2v29 with 14-byte JsVars, code run from Storage: a function is its body's place in flash, its
// scope and its name; a parameter is one variable; a member or variable is a name and mostly a value.
const FUNCTION_VARS = 5;
const PARAMETER_VARS = 1;
const VARIABLE_VARS = 2;
const ELEMENT_VARS = 1;
const OBJECT_VARS = 1;
/** Console, timers, one socket and its buffers. */
const RUNTIME_VARS = 300;

/** @param model JsVars of the model, 0 for an application without one */
export function estimateJsVars(code: string, model: number): JsVarEstimate {
  let vars = 0;
  parseScript(code).walk((node, ancestors) => {
    // What an inner function makes exists only while it runs.
    const depth = ancestors.slice(0, -1).filter(isFunction).length;
    if (isFunction(node)) {
      vars += depth <= 2 ? FUNCTION_VARS + PARAMETER_VARS * (node as Node & { params: Node[] }).params.length : 0;
      return;
    }
    if (depth > 1) return;
    if (node.type === "VariableDeclarator") vars += VARIABLE_VARS;
    else if (node.type === "ObjectExpression" || node.type === "ArrayExpression") vars += OBJECT_VARS;
    else if (node.type === "Property") vars += VARIABLE_VARS;
    else if (node.type === "Literal" && ancestors[ancestors.length - 2]?.type === "ArrayExpression")
      vars += ELEMENT_VARS;
  });
  return { code: vars, model, runtime: RUNTIME_VARS, total: vars + model + RUNTIME_VARS };
}

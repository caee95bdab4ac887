import type { EngineName } from "../../../boards/board.js";
import * as builtIns from "./built-ins.js";
import type { DialectRule } from "./rule.js";
import { arrayHole } from "./rules/array-hole.js";
import { arrowFunction } from "./rules/arrow-function.js";
import { asyncFunction } from "./rules/async-function.js";
import { bigInteger } from "./rules/big-integer.js";
import { blockFunction } from "./rules/block-function.js";
import { boxedValue } from "./rules/boxed-value.js";
import { catchName } from "./rules/catch-name.js";
import { classField } from "./rules/class-field.js";
import { computedKey } from "./rules/computed-key.js";
import { defaultParameter } from "./rules/default-parameter.js";
import { destructuring } from "./rules/destructuring.js";
import { directEval } from "./rules/direct-eval.js";
import { exponent } from "./rules/exponent.js";
import { functionHoisting } from "./rules/function-hoisting.js";
import { generator } from "./rules/generator.js";
import { implicitGlobal } from "./rules/implicit-global.js";
import { inexactMath } from "./rules/inexact-math.js";
import { label } from "./rules/label.js";
import { letAndConst } from "./rules/let-and-const.js";
import { logicalAssignment } from "./rules/logical-assignment.js";
import { loopClosure } from "./rules/loop-closure.js";
import { missingMember } from "./rules/missing-member.js";
import { missingMethod } from "./rules/missing-method.js";
import { moduleSyntax } from "./rules/module-syntax.js";
import { optionalChaining } from "./rules/optional-chaining.js";
import { privateMember } from "./rules/private-member.js";
import { regularExpression } from "./rules/regular-expression.js";
import { spread } from "./rules/spread.js";
import { switchDefault } from "./rules/switch-default.js";
import { taggedTemplate } from "./rules/tagged-template.js";
import { unknownGlobal } from "./rules/unknown-global.js";
import { variableHoisting } from "./rules/variable-hoisting.js";
import { wideCharacter } from "./rules/wide-character.js";
import { withStatement } from "./rules/with-statement.js";

const beyondEs5: DialectRule[] = [
  defaultParameter,
  spread,
  destructuring,
  optionalChaining,
  logicalAssignment,
  asyncFunction,
  generator,
  taggedTemplate,
  computedKey,
  privateMember,
  classField,
  bigInteger,
  blockFunction,
  implicitGlobal,
  withStatement,
  directEval,
  moduleSyntax,
];

/** What each engine refuses. A new rule is a file in rules/ and a line here. */
export const ENGINE_RULES: Record<EngineName, readonly DialectRule[]> = {
  espruino: [
    ...beyondEs5,
    exponent,
    functionHoisting,
    variableHoisting,
    switchDefault,
    label,
    loopClosure,
    regularExpression,
    wideCharacter,
    unknownGlobal(builtIns.ESPRUINO_GLOBALS, builtIns.ESPRUINO_PINS),
    missingMember(builtIns.ESPRUINO_MISSING_MEMBERS),
    missingMethod(builtIns.ESPRUINO_MISSING_METHODS),
    inexactMath,
  ],
  jerryscript: [implicitGlobal, withStatement, directEval, moduleSyntax, unknownGlobal(builtIns.JERRYSCRIPT_GLOBALS)],
  microquickjs: [
    ...beyondEs5,
    letAndConst,
    arrowFunction,
    arrayHole,
    boxedValue,
    catchName,
    unknownGlobal(builtIns.MICROQUICKJS_GLOBALS),
    missingMember(builtIns.MICROQUICKJS_MISSING_MEMBERS),
    missingMethod(builtIns.MICROQUICKJS_MISSING_METHODS),
  ],
};

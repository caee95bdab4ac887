import type ts from "typescript";
import { foreignNames } from "./foreign-names.js";
import { memberGroups } from "./member-groups.js";
import type { MemberUse } from "./minify.js";

/** What the minifier must know of a program's members to rename them. */
export function memberUse(program: ts.Program): MemberUse {
  return { foreign: foreignNames(program), groups: memberGroups(program) };
}

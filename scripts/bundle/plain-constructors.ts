import type { Identifier, Node } from "acorn";
import { isFunction, parseScript } from "./dialect/script.js";
import type { Script } from "./minify.js";
import { edited, written, type Edit } from "./script-edit.js";

/** The object that a constructor makes, where nothing names it yet. */
const SELF = "self$$";

/**
 * A class without methods is a record: `function C(a) { this.x = a; }` and `new C(1)` become
 * `function C(a) { var self = {}; self.x = a; return self; }` and `C(1)`, which the minifier writes as
 * `{x:a}`. Left alone is what has a prototype, or is named for anything but `new`.
 */
export function plainConstructors(script: Script): Script {
  const parsed = parseScript(script.code);
  const parents = new Map<Node, Node>();
  const own = new Map<Node, { this: Node[]; returns: Node[] }>();
  const declared = new Map<string, Node[]>();
  parsed.walk((node, ancestors) => {
    const around = ancestors[ancestors.length - 2];
    if (around !== undefined) parents.set(node, around);
    if (node.type === "FunctionDeclaration") {
      const { name } = (node as Node & { id: Identifier }).id;
      declared.set(name, [...(declared.get(name) ?? []), node]);
    }
    if (node.type !== "ThisExpression" && node.type !== "ReturnStatement") return;
    const home = ancestors.slice(0, -1).findLast(isFunction);
    if (home === undefined) return;
    const found = own.get(home) ?? { this: [], returns: [] };
    own.set(home, found);
    (node.type === "ThisExpression" ? found.this : found.returns).push(node);
  });

  const edits: Edit[] = [];
  for (const [name, [constructor, ...others]] of declared) {
    const { this: uses, returns } = own.get(constructor!) ?? { this: [], returns: [] };
    const named = parsed.references.filter(({ node }) => node.name === name);
    const isRecord =
      others.length === 0 &&
      named.length > 0 &&
      named.every(({ node }) => isMadeFrom(node, parents.get(node))) &&
      returns.every((node) => !(node as Node & { argument?: Node | null }).argument);
    if (!isRecord) continue;
    const { body } = constructor as Node & { body: Node };
    const alias = aliasOf(uses, parents, body);
    const self = alias ?? SELF;
    for (const use of uses) edits.push(replace(use, use === uses[0] && alias !== undefined ? "{}" : self));
    for (const node of returns) edits.push(replace(node, `return ${self};`));
    if (alias === undefined) edits.push(insert(body.start + 1, ` var ${self} = {};`));
    edits.push(insert(body.end - 1, ` return ${self};`));
    for (const { node } of named) {
      const call = parents.get(node)!;
      edits.push({ start: call.start, end: node.start, pieces: [] });
      if (!script.code.slice(node.end, call.end).includes("(")) edits.push(insert(call.end, "()"));
    }
  }
  return edits.length === 0 ? script : edited(script, edits);
}

function isMadeFrom(name: Node, parent: Node | undefined): boolean {
  return parent?.type === "NewExpression" && (parent as Node & { callee: Node }).callee === name;
}

/** The variable that the constructor keeps `this` in before it does anything else with it. */
function aliasOf(uses: readonly Node[], parents: ReadonlyMap<Node, Node>, body: Node): string | undefined {
  const declarator = uses[0] && parents.get(uses[0]);
  if (declarator?.type !== "VariableDeclarator" || parents.get(parents.get(declarator)!) !== body) return undefined;
  return ((declarator as Node & { id: Node }).id as Identifier).name;
}

function replace(node: Node, text: string): Edit {
  return { start: node.start, end: node.end, pieces: [written(text, node.start)] };
}

function insert(at: number, text: string): Edit {
  return { start: at, end: at, pieces: [written(text, at)] };
}

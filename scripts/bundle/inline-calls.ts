import type { CallExpression, CatchClause, FunctionDeclaration, Identifier, Node, VariableDeclarator } from "acorn";
import { isFunction, parseScript, type Reference, type Script as Parsed } from "./dialect/script.js";
import { alwaysReturns, canInline, inlined } from "./inline-body.js";
import type { Script } from "./minify.js";
import { copy, edited, written, type Edit, type Piece } from "./script-edit.js";

/** Rounds are few: as many as calls are nested. */
const MAX_ROUNDS = 20;

/** A function with more would need names of two letters for them: the demo applications are smallest with this. */
const MAX_VARIABLES = 30;

/** Ends the name of a variable that has moved; nobody writes such names. */
const MOVED = /\$\$\d*$/;

/**
 * Puts the body of a function in the place of its only call, where that call is a statement, is assigned, or is
 * returned. The minifier does so with single expressions only; a call costs an engine that interprets source text more
 * than anything else it does, and 20 bytes.
 */
export function inlineCalls(script: Script): Script {
  let moved = 0;
  const nextName = (name: string): string => `${name.replace(MOVED, "")}$$${++moved}`;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const edits = new Round(script.code, nextName).edits();
    if (edits.length === 0) break;
    script = edited(script, edits);
  }
  return script;
}

/** A function that is called once, and where. */
interface Site {
  readonly function: FunctionDeclaration;
  readonly call: CallExpression;
  /** The statement that the call is all of. */
  readonly statement: Node;
  readonly caller: Node;
  readonly inLoop: boolean;
  /** What the value is assigned to, up to the call; undefined where nobody takes it. */
  readonly target: readonly [start: number, end: number] | undefined;
  readonly returned: boolean;
}

/** What a function has in it, nested functions left out except for `names`. */
interface Content {
  readonly returns: Set<Node>;
  readonly declarators: VariableDeclarator[];
  readonly catches: Set<string>;
  readonly inner: Node[];
  /** `this`, `arguments`, or a function declared inside. */
  odd: boolean;
}

class Round {
  readonly #parsed: Parsed;
  readonly #ancestors = new Map<Node, readonly Node[]>();
  readonly #content = new Map<Node, Content>();
  readonly #declared = new Map<string, FunctionDeclaration | undefined>();
  readonly #named = new Map<string, Reference[]>();

  constructor(
    readonly code: string,
    readonly nextName: (name: string) => string,
  ) {
    this.#parsed = parseScript(code);
    this.#parsed.walk((node, ancestors) => this.#look(node, [...ancestors]));
    for (const reference of this.#parsed.references) {
      const { name } = reference.node;
      this.#named.set(name, [...(this.#named.get(name) ?? []), reference]);
    }
  }

  /** One edit for each call and one for each function that goes; those that would overlap wait for the next round. */
  edits(): Edit[] {
    const edits: Edit[] = [];
    const isFree = ({ start, end }: Node): boolean => edits.every((edit) => end <= edit.start || start >= edit.end);
    for (const [name, function_] of this.#declared) {
      const site = function_ && this.#siteOf(name, function_);
      if (site === undefined || !isFree(site.statement) || !isFree(site.function)) continue;
      const pieces = this.#piecesOf(site);
      if (pieces === undefined) continue;
      edits.push({ start: site.statement.start, end: site.statement.end, pieces });
      edits.push({ start: site.function.start, end: site.function.end, pieces: [] });
    }
    return edits;
  }

  #look(node: Node, ancestors: readonly Node[]): void {
    const outer = ancestors.slice(0, -1);
    if (node.type === "FunctionDeclaration") {
      const { name } = (node as FunctionDeclaration).id;
      this.#declared.set(name, this.#declared.has(name) ? undefined : (node as FunctionDeclaration));
    }
    this.#ancestors.set(node, ancestors);
    const home = outer.findLast(isFunction);
    if (home === undefined) return;
    const content = this.#contentOf(home);
    if (node.type === "ReturnStatement") content.returns.add(node);
    else if (node.type === "VariableDeclarator") content.declarators.push(node as VariableDeclarator);
    else if (node.type === "CatchClause") content.catches.add(((node as CatchClause).param as Identifier).name);
    else if (isFunction(node)) content.inner.push(node);
    if (node.type === "ThisExpression" || node.type === "FunctionDeclaration" || node.type === "LabeledStatement")
      content.odd = true;
    if (node.type === "Identifier" && (node as Identifier).name === "arguments") content.odd = true;
  }

  #contentOf(function_: Node): Content {
    const known = this.#content.get(function_);
    if (known !== undefined) return known;
    const made = { returns: new Set<Node>(), declarators: [], catches: new Set<string>(), inner: [], odd: false };
    this.#content.set(function_, made);
    return made;
  }

  /** The only call of a function, where it can be inlined. */
  #siteOf(name: string, function_: FunctionDeclaration): Site | undefined {
    const references = this.#named.get(name) ?? [];
    const call = this.#parentOf(references[0]?.node) as CallExpression | undefined;
    if (references.length !== 1 || call?.type !== "CallExpression" || call.callee !== references[0]!.node)
      return undefined;
    const parent = this.#parentOf(call)!;
    const outer = this.#parentOf(parent)!;
    const target = targetOf(call, parent, outer);
    const statement = target === undefined ? parent : outer;
    const returned = parent.type === "ReturnStatement";
    if (target === undefined && !returned && parent.type !== "ExpressionStatement") return undefined;
    if (target !== undefined && parent.type === "VariableDeclarator" && !isInList(this.#parentOf(outer)!))
      return undefined;
    const around = this.#ancestors.get(statement)!.slice(0, -1);
    const home = around.findLastIndex(isFunction);
    if (home < 0 || around.includes(function_)) return undefined;
    const inLoop = around.slice(home).some(({ type }) => /^(For|While|DoWhile)/.test(type));
    const site = { function: function_, call, statement, caller: around[home]!, inLoop, target, returned };
    return this.#isSafe(site) ? site : undefined;
  }

  #isSafe({ function: function_, caller, inLoop, target, returned }: Site): boolean {
    const { returns, declarators, inner, odd } = this.#contentOf(function_);
    if (odd || function_.params.some(({ type }) => type !== "Identifier")) return false;
    // In a loop a variable would keep its value from the time before, and a closure would see the next one.
    if (inLoop && (inner.length > 0 || !declarators.every((one) => this.#beginsAnew(one, function_)))) return false;
    if (!returned && !canInline(function_.body.body, returns, target !== undefined)) return false;
    // What the body names must mean the same in the caller.
    const home = this.#parsed.references.find(({ scope }) => scope.node === caller)?.scope;
    if (home === undefined || home.names.size + declarators.length > MAX_VARIABLES) return false;
    return this.#inside(function_).every(({ node, declaredIn }) => {
      if (declaredIn !== undefined && isWithin(declaredIn.node, function_)) return true;
      for (let scope = home; scope !== declaredIn && scope.parent !== undefined; scope = scope.parent) {
        if (scope.names.has(node.name)) return false;
      }
      return true;
    });
  }

  #beginsAnew(declarator: VariableDeclarator, function_: FunctionDeclaration): boolean {
    const declaration = this.#parentOf(declarator)!;
    const around = this.#parentOf(declaration)!;
    const first =
      around === function_.body || (around.type === "ForStatement" && this.#parentOf(around) === function_.body);
    return first && Boolean(declarator.init);
  }

  /** What stands in place of the call's statement. */
  #piecesOf(site: Site): Piece[] | undefined {
    const { function: function_, call, target } = site;
    const { code } = this;
    const content = this.#contentOf(function_);
    const names = new Map<string, string>();
    const pieces: Piece[] = [written("{\n", site.statement.start)];
    for (const [i, param] of (function_.params as Identifier[]).entries()) {
      const given = call.arguments[i];
      const same = given?.type === "Identifier" ? this.#sameAs(param.name, given as Identifier, site) : undefined;
      const name = same ?? this.nextName(param.name);
      names.set(param.name, name);
      if (same !== undefined) continue;
      pieces.push(written(`var ${name} = `, param.start));
      if (given === undefined) pieces.push(written("void 0", param.start));
      else pieces.push(...copy(code, given.start, given.end));
      pieces.push(written(";\n", param.end));
    }
    const rest = call.arguments.slice(function_.params.length);
    if (rest.some(({ type }) => type !== "Identifier" && type !== "Literal")) return undefined;
    const locals = [...content.declarators.map(({ id }) => (id as Identifier).name), ...content.catches];
    for (const name of locals) if (!names.has(name)) names.set(name, this.nextName(name));
    const edits = this.#inside(function_)
      .filter(({ node, declaredIn }) => declaredIn?.node === function_ && names.has(node.name))
      .map(({ node }) => this.#rename(node, names.get(node.name)!));
    const { body } = function_.body;
    if (site.returned) {
      for (const { start, end } of body) pieces.push(...copy(code, start, end, edits), written("\n", end));
      if (!alwaysReturns(body)) pieces.push(written("return;\n", function_.end));
    } else {
      const assigned = target && [...copy(code, ...target), written(" = ", target[1])];
      pieces.push(...inlined(body, { code, returns: content.returns, edits, target: assigned }));
    }
    pieces.push(written("}", function_.end));
    return pieces;
  }

  #rename(node: Identifier, name: string): Edit {
    const parent = this.#parentOf(node) as Node & { shorthand?: boolean };
    const text = parent.type === "Property" && parent.shorthand === true ? `${node.name}: ${name}` : name;
    return { start: node.start, end: node.end, pieces: [written(text, node.start)] };
  }

  /** The name of a variable that a parameter can be, because neither changes while the body runs. */
  #sameAs(param: string, given: Identifier, site: Site): string | undefined {
    const { function: function_, call, caller } = site;
    const content = this.#contentOf(function_);
    const redeclared = content.declarators.some(({ id }) => (id as Identifier).name === param);
    const body = this.#inside(function_);
    const writes = body.some(
      ({ node, writes: is, declaredIn }) => is && node.name === param && declaredIn?.node === function_,
    );
    if (redeclared || writes || content.catches.has(param)) return undefined;
    const variable = this.#parsed.references.find(({ node }) => node === given)!.declaredIn;
    if (variable === undefined || variable.parent === undefined) return undefined;
    // A function inside the body that has a variable of this name would take its own.
    if (
      body.some(
        ({ scope }) => scope.node !== function_ && isWithin(scope.node, function_) && scope.names.has(given.name),
      )
    )
      return undefined;
    const all = (this.#named.get(given.name) ?? []).filter(({ declaredIn }) => declaredIn === variable);
    const changes = all.filter(({ node, writes: is }) => is || this.#isInitialised(node));
    const unchanged = this.#isParameter(given.name, variable.node) ? 0 : 1;
    if (changes.length <= unchanged && changes.every(({ writes: is }) => !is)) return given.name;
    const elsewhere = changes.some(({ node, scope }) => scope !== variable || isWithin(node, call));
    return variable.node !== caller || elsewhere || content.inner.length > 0 ? undefined : given.name;
  }

  #isInitialised(node: Identifier): boolean {
    const parent = this.#parentOf(node);
    return (
      parent?.type === "VariableDeclarator" &&
      (parent as VariableDeclarator).id === node &&
      Boolean((parent as VariableDeclarator).init)
    );
  }

  #isParameter(name: string, function_: Node): boolean {
    const { params = [] } = function_ as Node & { params?: Node[] };
    return params.some((param) => (param as Identifier).name === name);
  }

  /** References in a function's body, those of functions inside it too. */
  #inside(function_: FunctionDeclaration): Reference[] {
    return this.#parsed.references.filter(({ node }) => isWithin(node, function_.body));
  }

  #parentOf(node: Node | undefined): Node | undefined {
    return node && this.#ancestors.get(node)?.at(-2);
  }
}

/** Where the call's value goes: `var x = f()`, `x = f()`, `o.x = f()`. */
function targetOf(call: Node, parent: Node, outer: Node): readonly [number, number] | undefined {
  if (parent.type === "VariableDeclarator") {
    const { declarations, kind } = outer as Node & { declarations: Node[]; kind: string };
    return declarations.length === 1 && kind === "var"
      ? [outer.start, (parent as VariableDeclarator).id.end]
      : undefined;
  }
  if (parent.type !== "AssignmentExpression" || outer.type !== "ExpressionStatement") return undefined;
  const { left, operator } = parent as Node & { left: Node; operator: string };
  const { object, computed } = left as Node & { object?: Node; computed?: boolean };
  const simple = left.type === "Identifier" || (object?.type === "Identifier" && computed === false);
  return operator === "=" && left !== call && simple ? [left.start, left.end] : undefined;
}

/** True where statements may stand one after the other. */
function isInList({ type }: Node): boolean {
  return type === "BlockStatement" || type === "Program";
}

function isWithin(node: Node, around: Node): boolean {
  return node.start >= around.start && node.end <= around.end;
}

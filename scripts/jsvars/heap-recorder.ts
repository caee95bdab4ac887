/** The variables of one call of a function, for as long as a function that was made in it can be reached. */
export interface CallScope {
  readonly outer: CallScope | undefined;
  readonly names: readonly string[];
  /** For each variable whether its numbers are doubles on Espruino, whole or not. */
  readonly floats: readonly number[];
  /** Their values at this moment. */
  readonly read: () => readonly unknown[];
}

/** What an instrumented script tells while it runs. */
export class HeapRecorder {
  readonly #scopes = new WeakMap<object, CallScope | undefined>();
  readonly #floats = new WeakMap<object, readonly string[]>();
  readonly #constructors = new WeakSet<object>();
  #outermost: CallScope | undefined;
  #fraction = 0;

  /** Variables of the script itself: of the first function that was called. */
  get outermost(): CallScope {
    if (this.#outermost === undefined) throw new RangeError("the script is not one function");
    return this.#outermost;
  }

  called(
    outer: CallScope | undefined,
    names: readonly string[],
    floats: readonly number[],
    read: () => readonly unknown[],
  ): CallScope {
    const scope = { outer, names, floats, read };
    this.#outermost ??= scope;
    return scope;
  }

  made<Made extends object>(made: Made, scope: CallScope | undefined): Made {
    this.#scopes.set(made, scope);
    return made;
  }

  /** Called with what stands behind `new`; returns what is called in its place. */
  constructed<Constructor extends object>(constructor: Constructor): Constructor {
    this.#constructors.add(constructor);
    const { name } = constructor as { name?: string };
    return name === "Float64Array" || name === "Float32Array" ? this.#fractions(constructor) : constructor;
  }

  /**
   * What Espruino reads from such an array is a double even where it is a whole number, and a number here does not tell
   * where it came from. Whole numbers in it therefore become fractions, each another, when the array is made: so near to
   * them, and never nearer to zero, that what is computed from them and cut to whole numbers is the same.
   */
  #fractions<Constructor extends object>(constructor: Constructor): Constructor {
    return new Proxy(constructor, {
      construct: (target, args) => {
        const array = Reflect.construct(target as unknown as Float64ArrayConstructor, args) as Float64Array;
        const [step, least] = array.BYTES_PER_ELEMENT > 4 ? [2 ** -52, 2 ** -200] : [2 ** -23, 2 ** -100];
        array.forEach((value, i) => {
          if (Number.isInteger(value)) array[i] = value + ++this.#fraction * (value * step || least);
        });
        return array;
      },
    });
  }

  floats<Literal extends object>(literal: Literal, names: readonly string[]): Literal {
    this.#floats.set(literal, names);
    return literal;
  }

  /** True for a function of the script, false for one of the engine. */
  isOfScript(value: object): boolean {
    return this.#scopes.has(value);
  }

  /** The calls around the place where a function was made, innermost first. */
  scopesOf(value: object): CallScope[] {
    const scopes: CallScope[] = [];
    for (let scope = this.#scopes.get(value); scope !== undefined; scope = scope.outer) scopes.push(scope);
    return scopes;
  }

  wasConstructed(value: object): boolean {
    return this.#constructors.has(value);
  }

  floatMembers(value: object): readonly string[] {
    return this.#floats.get(value) ?? [];
  }
}

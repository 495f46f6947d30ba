/**
 * Whether a text is an expression of CEL: the grammar of github.com/google/cel-spec (doc/langdef.md) as cel-go parses it. Names
 * and types are not looked at, as Istio does not look at them either.
 */
const escaped = String.raw`\\(?:[abfnrtv?"'\x60\\]|[0-3][0-7]{2}|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})`;
const tokens = new RegExp(
  [
    String.raw`(?<space>[\t\n\f\r ]+|//[^\n]*)`,
    String.raw`|(?<text>(?:[rR][bB]?|[bB][rR])(?:"""[^]*?"""|'''[^]*?'''|"[^"\n\r]*"|'[^'\n\r]*')`,
    String.raw`|[bB]?(?:"""(?:${escaped}|[^\\])*?"""|'''(?:${escaped}|[^\\])*?'''|"(?:${escaped}|[^"\\\n\r])*"|'(?:${escaped}|[^'\\\n\r])*'))`,
    String.raw`|(?<number>0x[0-9a-fA-F]+u?|(?:\d+\.\d+|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+[uU]?)`,
    "|(?<name>[_a-zA-Z][_a-zA-Z0-9]*)",
    String.raw`|(?<sign>&&|\|\||[<>=!]=|[-+*/%<>!?:.,()[\]{}])`,
  ].join(""),
  "y",
);

interface Token {
  kind: "text" | "number" | "name" | "sign";
  text: string;
}

const reserved: ReadonlySet<string> = new Set(
  "as break const continue else for function if import let loop package namespace return var void while".split(" "),
);
const relations = ["<", "<=", ">=", ">", "==", "!=", "in"];
const levels: readonly (readonly string[])[] = [["||"], ["&&"], relations, ["+", "-"], ["*", "/", "%"]];
const maxDepth = 200;

export function isCelExpression(expression: string): boolean {
  const read = tokenize(expression);
  return read !== undefined && new Parser(read).parsesAll();
}

function tokenize(expression: string): Token[] | undefined {
  const read: Token[] = [];
  tokens.lastIndex = 0;
  while (tokens.lastIndex < expression.length) {
    const groups = tokens.exec(expression)?.groups;
    if (!groups) return undefined;
    for (const kind of ["text", "number", "name", "sign"] as const) {
      const text = groups[kind];
      if (text !== undefined) read.push({ kind, text });
    }
  }
  return read;
}

/** Recursive descent; each method consumes its part and says whether it was one. */
class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  parsesAll(): boolean {
    return this.expression() && this.at === this.tokens.length;
  }

  private take(...signs: string[]): boolean {
    const token = this.tokens[this.at];
    const isWord = token?.kind === "name" && token.text === "in";
    if (!token || !(token.kind === "sign" || isWord) || !signs.includes(token.text)) return false;
    this.at++;
    return true;
  }

  private name(): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== "name" || token.text === "in") return false;
    this.at++;
    return true;
  }

  private expression(): boolean {
    if (++this.depth > maxDepth) return false;
    let isOne = this.binary(0);
    if (isOne && this.take("?")) isOne = this.binary(0) && this.take(":") && this.expression();
    this.depth--;
    return isOne;
  }

  private binary(level: number): boolean {
    const signs = levels[level];
    if (!signs) return this.unary();
    do {
      if (!this.binary(level + 1)) return false;
    } while (this.take(...signs));
    return true;
  }

  private unary(): boolean {
    if (this.take("!")) while (this.take("!"));
    else while (this.take("-"));
    return this.primary() && this.members();
  }

  private members(): boolean {
    for (;;) {
      if (this.take(".")) {
        if (!this.name()) return false;
        if (this.take("(") && !this.list(")", false)) return false;
      } else if (this.take("[")) {
        if (!this.expression() || !this.take("]")) return false;
      } else return true;
    }
  }

  private primary(): boolean {
    if (this.take("(")) return this.expression() && this.take(")");
    if (this.take("[")) return this.list("]", true);
    if (this.take("{")) return this.fields();
    const hasDot = this.take(".");
    const token = this.tokens[this.at];
    if (!token) return false;
    if (token.kind === "text" || token.kind === "number") {
      this.at++;
      return !hasDot;
    }
    if (token.kind !== "name" || token.text === "in" || reserved.has(token.text)) return false;
    this.at++;
    if (this.take("(")) return this.list(")", false);
    return this.message();
  }

  /** `pkg.Type{field: value}` */
  private message(): boolean {
    const before = this.at;
    while (this.take(".") && this.name());
    if (this.take("{")) return this.fields();
    this.at = before;
    return true;
  }

  private list(close: string, mayTrail: boolean): boolean {
    if (this.take(close)) return true;
    if (mayTrail && this.take(",")) return this.take(close);
    do {
      if (mayTrail && this.take(close)) return true;
      if (!this.expression()) return false;
    } while (this.take(","));
    return this.take(close);
  }

  private fields(): boolean {
    if (this.take("}")) return true;
    if (this.take(",")) return this.take("}");
    do {
      if (this.take("}")) return true;
      if (!this.expression() || !this.take(":") || !this.expression()) return false;
    } while (this.take(","));
    return this.take("}");
  }
}

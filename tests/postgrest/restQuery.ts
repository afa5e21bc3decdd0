import { RestError } from "./restError.ts";

/** A condition of a URL. */
export type RestFilter =
  | { readonly column: string; readonly operator: "eq"; readonly value: string }
  | { readonly column: string; readonly operator: "in"; readonly value: readonly string[] }
  | { readonly column: string; readonly operator: "is"; readonly value: "null" | "true" | "false" | "unknown" };

/** What a URL asks for. */
export interface RestQuery {
  readonly select: readonly string[];
  readonly columns: readonly string[] | undefined;
  readonly onConflict: readonly string[] | undefined;
  readonly filters: readonly RestFilter[];
  readonly order: readonly { readonly column: string; readonly direction: "asc" | "desc" }[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
}

const reserved = new Set(["select", "columns", "on_conflict", "order", "limit", "offset", "and", "or"]);
const bareName = /^[\p{L}\p{N}_$ -]+/u;

/** Reads text from its start, as PostgREST's parsers do. */
class Reader {
  at = 0;
  constructor(readonly text: string, readonly what: string) {}

  get isDone(): boolean {
    return this.at === this.text.length;
  }

  fail(): never {
    const message = `"failed to parse ${this.what} (${this.text})" (line 1, column ${this.at + 1})`;
    throw new RestError(400, "PGRST100", message, `unexpected ${JSON.stringify(this.text[this.at] ?? "end of input")}`);
  }

  takes(char: string): boolean {
    if (!this.text.startsWith(char, this.at)) return false;
    this.at += char.length;
    return true;
  }

  quoted(): string | undefined {
    if (this.text[this.at] !== '"') return undefined;
    let value = "";
    for (let i = this.at + 1; i < this.text.length; i++) {
      if (this.text[i] === '"') {
        this.at = i + 1;
        return value;
      }
      if (this.text[i] === "\\") i++;
      value += this.text[i];
    }
    return this.fail();
  }

  name(): string {
    const quoted = this.quoted();
    if (quoted !== undefined) return quoted;
    const bare = bareName.exec(this.text.slice(this.at))?.[0];
    if (bare === undefined) return this.fail();
    this.at += bare.length;
    return bare.trim();
  }

  /** An element of a list: quoted as a whole, or all up to the next comma. */
  element(): string {
    const start = this.at;
    const quoted = this.quoted();
    if (quoted !== undefined && /^[,)]/.test(this.text.slice(this.at))) return quoted;
    this.at = start;
    const bare = /^[^,)]*/.exec(this.text.slice(start))![0];
    this.at += bare.length;
    return bare;
  }
}

function readAll<Item>(text: string, what: string, read: (reader: Reader) => Item): Item[] {
  const reader = new Reader(text, what);
  const items = [read(reader)];
  while (reader.takes(",")) items.push(read(reader));
  return reader.isDone ? items : reader.fail();
}

/** Reads the parameters of a URL; embedding, casts, aliases and json paths are not known here. */
export function parseRestQuery(parameters: URLSearchParams): RestQuery {
  const names = (key: string) => {
    const text = parameters.get(key);
    return text === null ? undefined : readAll(text, `${key} parameter`, (reader) => reader.name());
  };
  const select = parameters.get("select") ?? "*";
  const order = parameters.get("order");
  return {
    select: readAll(select, "select parameter", (reader) => reader.takes("*") ? "*" : reader.name()),
    columns: names("columns"),
    onConflict: names("on_conflict"),
    order: order === null ? [] : readAll(order, "order", (reader) => {
      const column = reader.name();
      if (reader.takes(".desc")) return { column, direction: "desc" as const };
      reader.takes(".asc");
      return { column, direction: "asc" as const };
    }),
    limit: count(parameters.get("limit")),
    offset: count(parameters.get("offset")),
    filters: [...parameters].filter(([key]) => !reserved.has(key)).map(([key, text]) => parseFilter(key, text)),
  };
}

function count(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw new RestError(
    416,
    "PGRST103",
    "Requested range not satisfiable",
    "Limit should be greater than or equal to zero.",
  );
}

function parseFilter(key: string, text: string): RestFilter {
  const column = readAll(key, "filter", (reader) => reader.name())[0]!;
  const reader = new Reader(text, "filter");
  if (reader.takes("eq.")) return { column, operator: "eq", value: text.slice(3) };
  if (reader.takes("is.")) {
    const value = text.slice(3).toLowerCase();
    if (value === "null" || value === "true" || value === "false" || value === "unknown") {
      return { column, operator: "is", value };
    }
  } else if (reader.takes("in.(")) {
    const value = [reader.element()];
    while (reader.takes(",")) value.push(reader.element());
    if (reader.takes(")") && reader.isDone) return { column, operator: "in", value };
  }
  return reader.fail();
}

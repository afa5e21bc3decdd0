import type { TableRef } from "./connector.ts";
import { quoteIdentifier } from "./quoteIdentifier.ts";

/** What a name in a statement names. */
export interface NamedPlace {
  /** Where the name begins, counted in characters from 1: as Postgres counts its error positions. */
  readonly position: number;
  readonly kind: "table" | "column" | "function";
  readonly name: string;
}

/** A statement's text, and what stands where in it. */
export interface CompiledSql {
  readonly text: string;
  readonly places: readonly NamedPlace[];
  /** The column that each parameter is for, where it is for one. */
  readonly parameterColumns: readonly (string | undefined)[];
}

/** Writes a statement. What comes from outside goes through `column`, `table` and `parameter`: it is never text. */
export class SqlText {
  #text = "";
  #length = 0; // In characters: a surrogate pair is two units of #text and one character.
  readonly #places: NamedPlace[] = [];
  readonly #parameterColumns: (string | undefined)[] = [];

  /** Adds text of our own. */
  add(text: string): this {
    this.#text += text;
    this.#length += text.length;
    return this;
  }

  column(name: string): this {
    return this.#name("column", name, quoteIdentifier(name));
  }

  table(table: TableRef): this {
    return this.#name("table", table.name, quoteTable(table));
  }

  function(fn: TableRef): this {
    return this.#name("function", fn.name, quoteTable(fn));
  }

  /** Adds the next parameter; `column` is the one whose value it is. */
  parameter(column?: string): this {
    this.#parameterColumns.push(column);
    return this.add(`$${this.#parameterColumns.length}`);
  }

  /** Notes that an error at this position is about `column`: Postgres tells of a row's field where its row begins. */
  mark(column: string): this {
    this.#places.push({ position: this.#length + 1, kind: "column", name: column });
    return this;
  }

  /** Adds `write`'s text for each item, with commas between. */
  list<Item>(items: readonly Item[], write: (item: Item) => void, separator = ", "): this {
    items.forEach((item, index) => {
      if (index > 0) this.add(separator);
      write(item);
    });
    return this;
  }

  compile(): CompiledSql {
    return { text: this.#text, places: this.#places, parameterColumns: this.#parameterColumns };
  }

  #name(kind: NamedPlace["kind"], name: string, quoted: string): this {
    this.#places.push({ position: this.#length + 1, kind, name });
    this.#text += quoted;
    this.#length += countCharacters(quoted);
    return this;
  }
}

/** What the statement names at an error's position. */
export function placeAt(sql: CompiledSql, position: number): NamedPlace | undefined {
  return sql.places.find((place) => place.position === position);
}

function quoteTable({ schema, name }: TableRef): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

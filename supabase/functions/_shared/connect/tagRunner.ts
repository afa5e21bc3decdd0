import type { SqlTag } from "../db/database.ts";
import type { CompiledSql } from "./sqlText.ts";
import type { StatementRunner } from "./statementRunner.ts";

/**
 * Runs statements through a tag of the database layer: under a caller's claims, or inside a transaction. Such a tag
 * sends text as it is, except to a json parameter; statements of this folder have none (they cast text to json).
 */
export function tagRunner(sql: SqlTag, call = sql): StatementRunner {
  return {
    async run({ sql: compiled, values, isCall }) {
      const tag = isCall === true ? call : sql;
      return { rows: await tag(templateOf(compiled), ...values), columns: undefined };
    },
    close: () => Promise.resolve(),
  };
}

/** Connections know a prepared statement by its template: a statement has one, whoever's tag runs it. */
const templates = new WeakMap<CompiledSql, TemplateStringsArray>();

function templateOf(compiled: CompiledSql): TemplateStringsArray {
  let template = templates.get(compiled);
  if (template === undefined) templates.set(compiled, template = toTemplate(compiled.text));
  return template;
}

/** Splits a statement at its parameters, which come in order and never inside a quoted name: those have no bare `$`. */
function toTemplate(text: string): TemplateStringsArray {
  const strings = splitAtParameters(text);
  return Object.assign(strings, { raw: strings });
}

function splitAtParameters(text: string): string[] {
  const strings: string[] = [];
  let start = 0;
  // Names are skipped as a whole, as one may hold "$1".
  for (const { 0: found, index } of text.matchAll(/"(?:[^"]|"")*"|\$\d+/g)) {
    if (!found.startsWith("$")) continue;
    strings.push(text.slice(start, index));
    start = index + found.length;
  }
  return [...strings, text.slice(start)];
}

import type { Row } from "../../../connect/connector.ts";
import { ColumnPast } from "../../../schema/columnPast.ts";
import type { NameHistory } from "../../../schema/nameHistory.ts";
import type { KnownSchema } from "../../../schema/schemaVersion.ts";
import type { ColumnSnapshot, EnumSnapshot, TableSnapshot } from "../../../schema/snapshot.ts";
import type { HealingPattern } from "../../patterns/healingPattern.ts";
import { schemaHash, table as tableOf } from "../../patterns/testing/patternFixture.ts";
import type { EvidenceSource, EvidenceStrategy, NameOpinion, NameQuestion } from "../evidence.ts";
import type { PatternShelf } from "../patternShelf.ts";

/** A schema of the given tables. */
export function schemaOf(
  tables: readonly TableSnapshot[],
  options: Partial<KnownSchema> & { enums?: readonly EnumSnapshot[] } = {},
): KnownSchema {
  const { enums = [], ...rest } = options;
  return { version: 1, hash: schemaHash, createdAt: new Date(0), changes: [], snapshot: { tables, enums }, ...rest };
}

/** What the names of `rows` mean that no column of the table has; its other columns are free unless a row fills them. */
export function questionOf(
  columns: readonly ColumnSnapshot[],
  rows: readonly Row[],
  options: Partial<NameQuestion> = {},
): NameQuestion {
  const table = options.table ?? tableOf(columns);
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    table,
    schema: schemaOf([table]),
    names: keys.filter((key) => !columns.some(({ name }) => name === key)),
    columns: columns.filter(({ name, isGenerated }) => !isGenerated && !keys.includes(name)),
    keys,
    rows,
    ...options,
  };
}

/** A source that says the same each time, and keeps what it was asked. */
export function sourceOf(
  strategy: EvidenceStrategy,
  isCertain: boolean,
  say: (question: NameQuestion) => readonly NameOpinion[] | Promise<readonly NameOpinion[]>,
): EvidenceSource & { readonly asked: NameQuestion[] } {
  const asked: NameQuestion[] = [];
  return {
    strategy,
    isCertain,
    asked,
    answer(question) {
      asked.push(question);
      return say(question);
    },
  };
}

/** A history of one table's columns, and of tables as `schema.name`. */
export function historyOf(
  columns: Readonly<Record<string, number>>,
  tables: Readonly<Record<string, number>> = {},
): NameHistory {
  const only = (names: readonly string[], known: Readonly<Record<string, number>>, prefix = "") =>
    Promise.resolve(
      new Map(names.filter((name) => Object.hasOwn(known, prefix + name)).map((name) => [name, known[prefix + name]!])),
    );
  return {
    formerColumns: (_oid, names) => only(names, columns),
    columnPast: () =>
      Promise.resolve(
        new ColumnPast(
          Object.entries(columns).map(([name, attnum]) => ({ kind: "column_renamed", name, attnum, version: 2 })),
        ),
      ),
    formerLabels: () => Promise.resolve(new Map()),
    formerTables: (schema, names) => only(names, tables, `${schema}.`),
    forget() {},
  };
}

/** A shelf that holds the patterns given. */
export function shelfOf(...patterns: HealingPattern[]): PatternShelf {
  return {
    patternsOf: (tableOid) => Promise.resolve(patterns.filter((pattern) => pattern.tableOid === tableOid)),
    forget() {},
  };
}

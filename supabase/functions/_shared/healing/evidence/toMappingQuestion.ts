import type { AskedKey, MappingQuestion, OfferedColumn } from "../../ai/mappingAdvisor.ts";
import type { Row } from "../../connect/connector.ts";
import type { ColumnSnapshot, SchemaSnapshot } from "../../schema/snapshot.ts";
import { coercionColumnOf } from "../diagnosis/coercionColumnOf.ts";
import { storableJson, storableText } from "../ledger/storableJson.ts";
import type { NameQuestion } from "./evidence.ts";
import { sampleRows } from "./sampleRows.ts";
import { valueShape } from "./valueShape.ts";
import { valuesFit, valuesOf } from "./valuesFit.ts";

/** What an advisor is shown of values: what they look like, or the values themselves. */
export type AdvisorSamples = "shapes" | "values";

const mostKeys = 100;
const longestKey = 200;
const mostSamples = 5;
const longestText = 200;

/**
 * Puts a question to an advisor, bounded in all that comes from outside: keys of more than 200 characters are left out, and
 * with more than 100 unknown keys nothing is asked. Nor is it where the answer is known: of a key whose values fit into no
 * free column, or that has none.
 */
export function toMappingQuestion(question: NameQuestion, samples: AdvisorSamples): MappingQuestion | undefined {
  const { table, schema: { snapshot }, names, columns, rows } = question;
  if (names.length > mostKeys) return undefined;
  const sample = sampleRows(rows, mostSamples);
  const fits = (key: string) => (column: ColumnSnapshot) => valuesFit(sample, key, column, snapshot);
  const keys = names.filter((key) =>
    isAskable(key) && valuesOf(sample, key).some((value) => value !== null) && columns.some(fits(key))
  );
  if (keys.length === 0) return undefined;
  return {
    table: `${table.schema}.${table.name}`,
    columns: columns.filter((column) => keys.some((key) => fits(key)(column))).map((column) => offer(column, snapshot)),
    keys: keys.map((key) => describe(key, sample, samples)),
  };
}

/** What cannot be stored cannot become a pattern either. */
function isAskable(key: string): boolean {
  return key.length > 0 && key.length <= longestKey && storableText(key) === key;
}

function offer(column: ColumnSnapshot, snapshot: SchemaSnapshot): OfferedColumn {
  const { name, type, isNullable, defaultExpression } = column;
  const { enumLabels } = coercionColumnOf(column, snapshot);
  return {
    name,
    type,
    isNullable,
    ...defaultExpression === null ? {} : { default: defaultExpression.slice(0, longestText) },
    ...enumLabels === undefined ? {} : { enumLabels: enumLabels.slice(0, mostKeys) },
  };
}

function describe(key: string, rows: readonly Row[], samples: AdvisorSamples): AskedKey {
  const values = valuesOf(rows, key);
  const shapes = [...new Set(values.map(valueShape))];
  if (samples === "shapes") return { key, shapes };
  return { key, shapes, values: values.map((value) => storableJson(value).slice(0, longestText)) };
}

import type { SqlTag } from "../../db/database.ts";
import type { QuestionClaims } from "./questionClaims.ts";

/** How many questions are asked. */
export interface QuestionClaimsOptions {
  /** Of one table at one schema version: keys come from outside, and each new set of them is a question. @default 100 */
  mostPerTable?: number;
}

/** Claims in `resilience.ai_questions`. A claim is not given back: what was asked in vain is not asked again. */
export function postgresQuestionClaims(
  sql: SqlTag,
  { mostPerTable = 100 }: QuestionClaimsOptions = {},
): QuestionClaims {
  return {
    async claim({ tableOid, keyShape, schemaHash }) {
      const rows = await sql`
        insert into resilience.ai_questions (table_oid, key_shape, schema_hash)
        select ${tableOid}::bigint, ${keyShape}::text, ${schemaHash}::text
        where ${mostPerTable}::integer > (select count(*) from resilience.ai_questions
          where table_oid = ${tableOid}::bigint and schema_hash = ${schemaHash}::text)
        on conflict do nothing
        returning 1 as claimed`;
      return rows.length > 0;
    },
  };
}

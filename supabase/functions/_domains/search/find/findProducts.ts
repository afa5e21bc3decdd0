import type { SqlTag } from "../../../_shared/db/database.ts";
import type { SearchRequest } from "../searchSchemas.ts";
import { type Found, type FoundJson, toFound } from "./found.ts";

/** Finds what matches, and all that ranking it for the caller needs, in one round trip. */
export async function findProducts(
  sql: SqlTag,
  sessionKey: string | undefined,
  { q, filters, facets, personalize, offset, limit }: SearchRequest,
  month: number,
): Promise<Found> {
  const ask = { q, ...filters, facets, personalize, month, until: offset + limit };
  const [row] = await sql<{ found: FoundJson }>`select search.find(${sessionKey ?? null}, ${ask}::jsonb) as found`;
  return toFound(row!.found);
}

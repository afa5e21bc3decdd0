import type postgres from "postgres";
import { waitUntil } from "../../../local/database/waitUntil.ts";

/** Somebody whose rows nobody else may see or change. */
export interface Owner {
  readonly kind: "shopper" | "session" | "vendor";
  /** The subject, or the vendor. */
  readonly id: string;
  /** Stands in every private text of theirs and nowhere else: whoever gets it has seen a row of theirs. */
  readonly marker: string;
  /** Credentials of theirs. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ids of private things of theirs, by what they are ids of: what an attacker who learned of them would send. */
  readonly ids: Readonly<Record<string, string>>;
}

interface OwnedTable {
  readonly schema: string;
  readonly name: string;
  readonly column: string;
}

const ownerColumns: Record<Owner["kind"], readonly string[]> = {
  shopper: ["subject_id", "customer_id", "user_id"],
  session: ["subject_id"],
  vendor: ["vendor_id"],
};

/** The tables that hold rows by owner, found in the catalog: a new one is watched by itself. */
export async function ownedTables(sql: postgres.Sql): Promise<OwnedTable[]> {
  return await sql<OwnedTable[]>`
    select n.nspname as schema, c.relname as name, a.attname as column
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition
      and n.nspname not in ('pg_catalog', 'information_schema', 'resilience', 'auth')
      and a.attname in ('subject_id', 'customer_id', 'user_id', 'vendor_id')
      and a.atttypid = 'uuid'::regtype
    order by 1, 2, 3`;
}

/** What all rows of an owner are, as one text: the same before and after where nobody has touched them. */
export async function fingerprint(
  sql: postgres.Sql,
  tables: readonly OwnedTable[],
  owner: Owner,
): Promise<Record<string, string>> {
  const prints: Record<string, string> = {};
  const add = async (schema: string, name: string, column: string) => {
    const [row] = await sql.unsafe<{ rows: string; print: string | null }[]>(
      `select count(*) as rows, md5(string_agg(t::text, '|' order by t::text)) as print
       from "${schema}"."${name}" t where t."${column}" = $1`,
      [owner.id],
    );
    prints[`${schema}.${name}.${column}`] = `${row!.rows} ${row!.print ?? ""}`;
  };
  for (const { schema, name, column } of tables) {
    if (ownerColumns[owner.kind].includes(column)) await add(schema, name, column);
  }
  if (owner.kind === "vendor") await add("public", "vendors", "id");
  else await add("personalization", "subjects", "id");
  return prints;
}

/** Waits until nothing is written any more of what was answered before: whoever attacked may be the next one's victim. */
export async function quiet(sql: postgres.Sql): Promise<void> {
  const isQuiet = async () => {
    const [row] = await sql<{ busy: number }[]>`
      select count(*)::integer as busy from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' and backend_type = 'client backend'`;
    return row!.busy === 0;
  };
  if (!await waitUntil(isQuiet, { timeoutMs: 5_000 })) throw new Error("The functions write without end");
}

import type postgres from "postgres";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { callerDatabase } from "../../supabase/functions/_shared/db/callerDatabase.ts";
import type { Database, SqlTag } from "../../supabase/functions/_shared/db/database.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { describePayload } from "../../supabase/functions/_shared/healing/ledger/describePayload.ts";
import type { HealRecord } from "../../supabase/functions/_shared/healing/ledger/heal.ts";
import type { RescueRecord } from "../../supabase/functions/_shared/healing/ledger/rescue.ts";
import type { Caller } from "../../supabase/functions/_shared/http/caller.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { user } from "./dbFixture.ts";

/** A database with `public.contacts(id, owner, email, hue)`, whose rows belong to users, and `public.prices`, which is nobody's. */
export interface HealingDatabase extends AsyncDisposable {
  readonly url: string;
  readonly superuserUrl: string;
  /** Connections of the test itself. */
  readonly sql: postgres.Sql;
  readonly admin: Database;
  readonly contactsOid: number;
  readonly pricesOid: number;
  as(caller: Caller): Database;
}

/** Opens a {@link HealingDatabase}. */
export async function healingDatabase(connections = 4): Promise<HealingDatabase> {
  const database = await testDatabase();
  await database.sql.unsafe(`
    create table public.contacts (
      id bigint primary key generated always as identity,
      owner text not null default auth.uid()::text,
      email text,
      hue numeric(6, 2)
    );
    alter table public.contacts enable row level security;
    create policy own_contacts on public.contacts for all to anon, authenticated
      using (owner = (select auth.uid())::text) with check (owner = (select auth.uid())::text);
    grant select, insert, update, delete on public.contacts to authenticated, service_role;
    create table public.prices (sku text primary key, amount int);
    alter table public.prices enable row level security;
    grant select on public.prices to authenticated;
    insert into public.prices values ('a', 1);
  `);
  const [oids] = await database.sql<{ contacts: number; prices: number }[]>`
    select 'public.contacts'::regclass::oid::int as contacts, 'public.prices'::regclass::oid::int as prices`;
  const client = createSqlClient({
    url: database.url,
    isPooled: false,
    poolSize: connections,
    applicationName: "healing-test",
  });
  return {
    url: database.url,
    superuserUrl: database.superuserUrl,
    sql: database.sql,
    admin: adminDatabase(client),
    contactsOid: oids!.contacts,
    pricesOid: oids!.prices,
    as: (caller) => callerDatabase(client, caller),
    async [Symbol.asyncDispose]() {
      await client.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** The user whom tests write as. */
export const ann = user(1);

/** Somebody else. */
export const eve = user(6);

/** A heal of table `contacts`, with what is given changed. */
export function healRecord({ contactsOid }: HealingDatabase, options: Partial<HealRecord> = {}): HealRecord {
  return {
    id: crypto.randomUUID(),
    table: { oid: contactsOid, schema: "public", name: "contacts" },
    diagnosis: "unknown_column",
    from: "mail",
    to: "email",
    strategy: "matcher",
    evidence: { score: 0.93, sample: "nul \u0000" },
    confidence: 0.93,
    durationMs: 1.5,
    ...options,
  };
}

/** A rescue of what of `payload` is no column of `contacts`. */
export function rescueRecord(
  { contactsOid }: HealingDatabase,
  id: string | number,
  payload: Record<string, unknown>,
  options: Partial<RescueRecord> = {},
): RescueRecord {
  const mapping = new Map(["owner", "email", "hue"].map((column) => [column, column]));
  const { shape, rescuedText, rescuedKeys } = describePayload({ payload, mapping, landed: payload });
  return {
    id: crypto.randomUUID(),
    table: { oid: contactsOid, schema: "public", name: "contacts" },
    rowKey: { id },
    rescuedText,
    rescuedKeys,
    shape,
    ...options,
  };
}

/** Adds a contact and gives its id. */
export async function addContact(sql: SqlTag, email: string | null = null): Promise<string> {
  const [row] = await sql<{ id: string }>`insert into public.contacts (email) values (${email}) returning id`;
  return row!.id;
}

import type { Database, SqlTag } from "../db/database.ts";
import type { FeatureFlag, FlagChange, FlagSettings } from "./featureFlag.ts";
import { flagOfRow, type FlagRow, settingsOfRow } from "./flagRow.ts";
import type { ChangeNote, ChangeResult, FlagStore } from "./flagStore.ts";

interface Row {
  readonly flag: FlagRow;
}

interface ChangeRow {
  readonly flag_name: string;
  readonly version: number;
  readonly changed_at: Date;
  readonly changed_by: string;
  readonly reason: string | null;
  readonly before: FlagRow | null;
  readonly after: FlagRow | null;
}

/**
 * Flags in `resilience.feature_flags`. Versions and history are the table's own triggers' work, so that a change made in
 * psql during an incident is recorded like any other; here only who and why is said to them.
 */
export function postgresFlagStore(database: Database): FlagStore {
  return {
    async list() {
      const rows = await database.sql<Row>`
        select to_jsonb(flag) as flag from resilience.feature_flags as flag order by flag.name`;
      return rows.map(({ flag }) => flagOfRow(flag));
    },

    find: (name) => findFlag(database.sql, name),

    async history(name, limit) {
      const rows = await database.sql<ChangeRow>`
        select flag_name, version, changed_at, changed_by, reason, before, after
        from resilience.feature_flag_changes where flag_name = ${name} order by version desc limit ${limit}::integer`;
      return rows.map(changeOfRow);
    },

    put: (name, settings, expectedVersion, note) =>
      database.transaction(async (sql) => {
        await sayWho(sql, note);
        const flag = expectedVersion === 0
          ? await insertFlag(sql, name, settings)
          : await updateFlag(sql, name, settings, expectedVersion);
        return flag === undefined ? await explain(sql, name) : { kind: "changed", flag };
      }),

    change: (name, decide, expectedVersion, note) =>
      database.transaction(async (sql): Promise<ChangeResult> => {
        const [row] = await sql<Row>`
          select to_jsonb(flag) as flag from resilience.feature_flags as flag where flag.name = ${name} for update`;
        if (row === undefined) return { kind: "missing" };
        const current = flagOfRow(row.flag);
        if (expectedVersion !== undefined && expectedVersion !== current.version) return { kind: "conflict", current };
        const settings = { ...settingsOfRow(row.flag), ...decide(current) };
        await sayWho(sql, note);
        const flag = await updateFlag(sql, name, settings, current.version);
        return { kind: "changed", flag: flag ?? current };
      }),

    remove: (name, expectedVersion, note) =>
      database.transaction(async (sql) => {
        await sayWho(sql, note);
        const [row] = await sql<Row>`
          delete from resilience.feature_flags as flag
          where flag.name = ${name}
            and (${expectedVersion ?? null}::integer is null or flag.version = ${expectedVersion ?? null}::integer)
          returning to_jsonb(flag) as flag`;
        return row === undefined ? await explain(sql, name) : { kind: "changed", flag: flagOfRow(row.flag) };
      }),
  };
}

async function findFlag(sql: SqlTag, name: string): Promise<FeatureFlag | undefined> {
  const [row] = await sql<Row>`
    select to_jsonb(flag) as flag from resilience.feature_flags as flag where flag.name = ${name}`;
  return row && flagOfRow(row.flag);
}

/** Tells the history's trigger who changes what follows in this transaction. */
async function sayWho(sql: SqlTag, { changedBy, reason = "" }: ChangeNote): Promise<void> {
  await sql`select set_config('resilience.changed_by', ${changedBy}, true),
    set_config('resilience.change_reason', ${reason}, true)`;
}

async function insertFlag(sql: SqlTag, name: string, settings: FlagSettings): Promise<FeatureFlag | undefined> {
  const { description, isEnabled, rolloutPercent, isPublic, allowedSubjects, deniedSubjects } = settings;
  const [row] = await sql<Row>`
    insert into resilience.feature_flags as flag
      (name, description, is_enabled, rollout_percent, is_public, allowed_subjects, denied_subjects)
    values (${name}, ${description}, ${isEnabled}, ${rolloutPercent}, ${isPublic}, ${allowedSubjects}::text[],
      ${deniedSubjects}::text[])
    on conflict (name) do nothing
    returning to_jsonb(flag) as flag`;
  return row && flagOfRow(row.flag);
}

async function updateFlag(
  sql: SqlTag,
  name: string,
  settings: FlagSettings,
  expectedVersion: number,
): Promise<FeatureFlag | undefined> {
  const { description, isEnabled, rolloutPercent, isPublic, allowedSubjects, deniedSubjects } = settings;
  const [row] = await sql<Row>`
    update resilience.feature_flags as flag set
      description = ${description}, is_enabled = ${isEnabled}, rollout_percent = ${rolloutPercent},
      is_public = ${isPublic}, allowed_subjects = ${allowedSubjects}::text[],
      denied_subjects = ${deniedSubjects}::text[]
    where flag.name = ${name} and flag.version = ${expectedVersion}
    returning to_jsonb(flag) as flag`;
  return row && flagOfRow(row.flag);
}

async function explain(sql: SqlTag, name: string): Promise<ChangeResult> {
  const current = await findFlag(sql, name);
  return current === undefined ? { kind: "missing" } : { kind: "conflict", current };
}

function changeOfRow(row: ChangeRow): FlagChange {
  return {
    name: row.flag_name,
    version: row.version,
    changedAt: row.changed_at.toISOString(),
    changedBy: row.changed_by,
    reason: row.reason,
    before: row.before && settingsOfRow(row.before),
    after: row.after && settingsOfRow(row.after),
  };
}

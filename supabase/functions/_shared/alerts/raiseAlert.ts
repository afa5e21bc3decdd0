import type { SqlTag } from "../db/database.ts";
import type { AlertSeverity } from "./alert.ts";

/** Something that somebody should know of. */
export interface RaisedAlert {
  /** `<what>:<where>`: one alert of a key is open at a time. */
  readonly key: string;
  readonly severity: AlertSeverity;
  /** One line, at most 300 characters. */
  readonly title: string;
  /** Numbers, names and codes, 4,000 bytes at most; never a value of a payload. @default none */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** What it is about, as `kind:id`. @default nothing that has a name */
  readonly ref?: string;
  /** It resolves by itself once it was not raised for so long. @default somebody has to resolve it */
  readonly quietSeconds?: number;
}

/**
 * Raises an alert in the transaction of `sql`: it lands with it, or not at all, and never waits. Gives its id; undefined where
 * somebody else is at the same key, in which case it is counted within a minute.
 *
 * @example
 * ```ts
 * await admin.transaction(async (sql) => {
 *   await stopPayouts(sql);
 *   await raiseAlert(sql, { key: "payouts:stopped", severity: "critical", title: "Payouts were stopped" });
 * });
 * ```
 */
export async function raiseAlert(sql: SqlTag, alert: RaisedAlert): Promise<string | undefined> {
  const { key, severity, title, detail = {}, ref = null, quietSeconds = null } = alert;
  const [row] = await sql<{ id: string | null }>`
    select resilience.raise_alert(${key}, ${severity}, ${title}, ${detail}::jsonb, ${ref}::text,
      ${quietSeconds}::integer) as id`;
  return row?.id ?? undefined;
}

/** Resolves the open alert of a key. False where there is none, or somebody is raising it just now. */
export async function resolveAlert(sql: SqlTag, key: string, by: string, note?: string): Promise<boolean> {
  const [row] = await sql<{ done: boolean }>`
    select resolve_alert as done from resilience.resolve_alert(${key}, ${by}, ${note ?? null}::text)`;
  return row?.done ?? false;
}

import type { AlertCondition } from "../alertCondition.ts";

interface Row {
  readonly version: number;
  readonly changes: number;
  readonly subjects: string[];
}

/** Versions of the schema that broke something for whoever writes. */
export const criticalSchemaChanges: AlertCondition = {
  name: "schema_change",
  async find(sql, { thresholds: { schemaHours } }) {
    const rows = await sql<Row>`
      select change.version::double precision as version, count(*)::integer as changes,
        (array_agg(change.kind || ' ' || change.subject order by change.id))[:5] as subjects
      from resilience.schema_changes change
      join resilience.schema_versions version on version.version = change.version
      where change.severity = 'critical'
        and version.created_at > clock_timestamp() - make_interval(secs => 3600 * ${schemaHours}::double precision)
      group by change.version order by change.version desc limit 51`;
    return rows.map(({ version, changes, subjects }) => ({
      key: `schema_change:${version}`,
      severity: "warning",
      title: `Version ${version} of the schema has ${changes} critical changes`,
      detail: { changes, subjects },
      ref: `schema:${version}`,
    }));
  },
};

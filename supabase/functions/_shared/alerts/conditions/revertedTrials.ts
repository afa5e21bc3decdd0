import type { AlertCondition } from "../alertCondition.ts";

interface Row {
  readonly subject: string;
  readonly ref: string | null;
}

/** Knobs whose change made things worse and was taken back. Nothing is left to be done: a person may want to know. */
export const revertedTrials: AlertCondition = {
  name: "trial_reverted",
  async find(sql, { thresholds: { eventMinutes } }) {
    const rows = await sql<Row>`
      select distinct on (event.subject) event.subject, event.ref
      from resilience.kernel_events event
      where event.kind = 'tune'
        and event.happened_at > clock_timestamp() - make_interval(secs => 60 * ${eventMinutes}::double precision)
        and event.detail ->> 'became' = 'reverted'
      order by event.subject, event.id desc limit 51`;
    return rows.map(({ subject, ref }) => ({
      key: `trial_reverted:${subject}`,
      severity: "info",
      title: `The change of "${subject}" made things worse and was taken back`,
      ...(ref === null ? {} : { ref }),
    }));
  },
};

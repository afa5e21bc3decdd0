import type { AlertCondition } from "../alertCondition.ts";

interface Row {
  readonly healed: number;
  readonly lost: number;
}

/** Of the writes that drift has hit, too few were healed. Letters of other causes (a missing row, a duplicate) are no heals missed. */
export const failingHealing: AlertCondition = {
  name: "healing_failing",
  async find(sql, { thresholds: { healingShare, healingWrites } }) {
    const [row] = await sql<Row>`
      select (
          select count(*)::integer from resilience.healing_events heal
          where heal.healed_at > clock_timestamp() - interval '1 hour' and heal.undone_at is null
        ) as healed, (
          select count(*)::integer from resilience.dead_letters letter
          where letter.outcome is null and letter.died_at > clock_timestamp() - interval '1 hour'
            and letter.error_code in ('42703', '42P01', '42883', '42704', '3F000', '42P10', '42804', '428C9', 'PGRST202',
              'PGRST204', 'PGRST205', '22P02', '22001', '22003', '22007', '22008')
        ) as lost`;
    const { healed, lost } = row ?? { healed: 0, lost: 0 };
    const total = healed + lost;
    if (total < healingWrites || healed / total >= healingShare) return [];
    const percent = Math.floor((healed / total) * 100);
    return [{
      key: "healing_failing:all",
      severity: healed / total < healingShare / 2 ? "error" : "warning",
      title: `Only ${percent} % of the writes that needed healing within the hour were healed`,
      detail: { healed, lost, percent },
    }];
  },
};

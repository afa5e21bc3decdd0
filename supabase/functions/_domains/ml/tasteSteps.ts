import { seededRandom } from "../../_shared/random/seededRandom.ts";
import { clusterTastes, nearestCluster } from "./clusterTastes.ts";
import type { HourlySettings } from "./hourlySettings.ts";
import type { LearningStep } from "./runLearningSteps.ts";

/** Subjects that clusters are trained on, traits that make their space, and how long a training holds. */
const training = { subjects: 2_000, traits: 24, hours: 20 } as const;

interface ClusterRow {
  readonly cluster: number;
  readonly traits: string[];
  readonly centre: number[];
}

/**
 * Finds the clusters of tastes once a day, among the traits of categories that most subjects have. It starts from those of the
 * day before, so that a cluster keeps its number; a trait that is new begins at 0 for each.
 */
export const trainTastes: LearningStep<HourlySettings> = {
  name: "tastes",
  async run(sql, { until }, { tasteClusters }) {
    const before = await sql<ClusterRow & { is_fresh: boolean }>`
      select c.cluster, c.traits, c.centre,
        c.trained_at > ${until}::text::timestamptz - make_interval(hours => ${training.hours}::integer) as is_fresh
      from personalization.taste_clusters c order by c.cluster`;
    if (before.length > 0 && before.every(({ is_fresh }) => is_fresh)) {
      return { count: 0, notes: { areTastesNew: false } };
    }
    const traits = (await sql<{ trait: string }>`
      select p.trait from personalization.preferences p where p.trait like 'category:%'
      group by p.trait order by count(*) desc, p.trait limit ${training.traits}::integer`).map(({ trait }) => trait);
    const points = await sql<{ vector: number[] }>`
      select v.vector from personalization.taste_vectors(
        array(select g.subject_id from personalization.segments g
          join personalization.voices v on v.subject_id = g.subject_id
          order by hashtextextended(g.subject_id::text, 0), g.subject_id limit ${training.subjects}::integer),
        ${until}::text::timestamptz, ${traits}::text[]) v
      order by v.subject_id`;
    const start = before.length === tasteClusters
      ? before.map((cluster) => traits.map((trait) => cluster.centre[cluster.traits.indexOf(trait)] ?? 0))
      : undefined;
    const centres = clusterTastes(points.map(({ vector }) => vector), {
      count: tasteClusters,
      random: seededRandom(20_261_127),
      ...(start === undefined ? {} : { start }),
    });
    const rows = centres.map((centre, cluster) => ({ cluster, traits, centre }));
    await sql`delete from personalization.taste_clusters`;
    await sql`
      insert into personalization.taste_clusters (cluster, traits, centre, trained_at)
      select c.cluster, c.traits, c.centre, ${until}::text::timestamptz
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) c(cluster smallint, traits text[], centre real[])`;
    return { count: centres.length, notes: { areTastesNew: true } };
  },
};

/** Puts those who changed into clusters; everybody where the clusters are new. */
export const assignTastes: LearningStep<HourlySettings> = {
  name: "assign",
  async run(sql, { until, cursor, notes }, { chunkSubjects }) {
    const clusters = await sql<ClusterRow>`
      select c.cluster, c.traits, c.centre from personalization.taste_clusters c order by c.cluster`;
    const ids = (await sql<{ id: string }>`
      select g.subject_id as id from personalization.segments g
      where g.subject_id > coalesce(${cursor === null ? null : String(cursor)}::text::uuid,
          '00000000-0000-0000-0000-000000000000')
        and (${notes.areTastesNew === true}::boolean
          or g.subject_id in (select c.subject_id from personalization.changed_subjects c))
      order by g.subject_id limit ${chunkSubjects * 2}::integer`).map(({ id }) => id);
    const last = ids.at(-1);
    if (last === undefined || clusters.length === 0) {
      await sql`
        update personalization.taste_clusters c set members = coalesce(m.members, 0)
        from personalization.taste_clusters t
        left join (select g.taste, count(*) as members from personalization.segments g group by g.taste) m on m.taste = t.cluster
        where c.cluster = t.cluster and c.members <> coalesce(m.members, 0)`;
      return { count: 0 };
    }
    const points = await sql<{ subject_id: string; vector: number[] }>`
      select v.subject_id, v.vector
      from personalization.taste_vectors(${ids}::uuid[], ${until}::text::timestamptz, ${
      clusters[0]!.traits
    }::text[]) v`;
    const centres = clusters.map(({ centre }) => centre);
    const tastes = points.map(({ subject_id, vector }) => {
      const place = nearestCluster(vector, centres);
      return { subject_id, taste: place === undefined ? null : clusters[place]!.cluster };
    });
    await sql`
      update personalization.segments g set taste = t.taste
      from jsonb_to_recordset(${JSON.stringify(tastes)}::text::jsonb) t(subject_id uuid, taste smallint)
      where g.subject_id = t.subject_id and g.taste is distinct from t.taste`;
    return { count: ids.length, cursor: last };
  },
};

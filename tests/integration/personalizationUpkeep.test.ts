import assert from "node:assert/strict";
import { keepUp, readUpkeepProgress } from "../../supabase/functions/_domains/personalization/upkeep/keepUp.ts";
import { postgresJobStore } from "../../supabase/functions/_shared/jobs/postgresJobStore.ts";
import { runLeasedJob } from "../../supabase/functions/_shared/jobs/runLeasedJob.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { addCategory, addProduct, addVendor } from "../harness/marketOf.ts";
import { jobDatabase } from "./jobs/jobDatabase.ts";

const deadline = { signal: new AbortController().signal, remainingMs: () => 60_000, shouldYield: () => false };

Deno.test("upkeep makes room for months to come, drops what is old, and leaves what is young", async () => {
  await using database = await jobDatabase({ keepSchedules: true });
  const { sql, admin } = database;
  await sql`select personalization.ensure_interaction_months((now() - interval '15 months')::date, (now() - interval '13 months')::date)`;
  await sql`
    insert into personalization.interactions (event_id, occurred_at, subject_id, signal, strength, raw)
    select gen_random_uuid(), now() - interval '1 month' * months, gen_random_uuid(), 'click', 0.2, '{}'
    from unnest(array[1, 12, 15, 30]) months`;
  await sql`
    insert into personalization.event_keys (event_id, received_at)
    select gen_random_uuid(), now() - interval '1 day' * case when n <= 3 then 59 else 61 end from generate_series(1, 2003) n`;
  await sql`
    insert into personalization.shown_lists (id, source, kind, product_ids, shown_at)
    select gen_random_uuid(), 'search', 'results', '{}', now() - interval '1 day' * case when n <= 3 then 89 else 91 end
    from generate_series(1, 13) n`;
  await sql`
    insert into personalization.subjects (id, is_session, created_at, last_event_at, opted_out_at)
    select gen_random_uuid(), n <> 1, now() - interval '2 years', now() - interval '1 day' * case when n <= 3 then 179 else 181 end,
      case when n = 4 then now() end
    from generate_series(1, 13) n`;
  await sql`update personalization.subjects set last_event_at = now() - interval '3 years' where not is_session`;

  await sql`
    insert into live.outbox (subject_id, version, created_at)
    select gen_random_uuid(), 1, now() - interval '1 minute' * case when n <= 3 then 59 else 61 end from generate_series(1, 13) n`;

  const run = await runLeasedJob({
    store: postgresJobStore(admin.sql),
    job: "personalization-upkeep",
    work: (chunk) => keepUp(chunk, { admin }),
    readProgress: readUpkeepProgress,
    deadline,
    clock: systemClock,
  });
  assert.equal(run.status, "succeeded", JSON.stringify(run));
  const [left] = await sql`
    select (select count(*)::integer from personalization.interactions) as events,
      (select count(*)::integer from personalization.event_keys) as keys,
      (select count(*)::integer from personalization.shown_lists) as lists,
      (select count(*)::integer from personalization.subjects) as subjects,
      (select count(*)::integer from live.outbox) as told,
      to_regclass('personalization.interactions_' || to_char(now() + interval '2 months', 'YYYY_MM')) is not null as has_room,
      to_regclass('personalization.interactions_' || to_char(now() - interval '15 months', 'YYYY_MM')) is null as is_dropped`;
  assert.deepEqual({ ...left }, {
    events: 2,
    keys: 3,
    lists: 3,
    subjects: 4,
    told: 3,
    has_room: true,
    is_dropped: true,
  });
});

Deno.test("what came by the thousand is worked off by the thousand, and to its end", async () => {
  await using database = await jobDatabase({ keepSchedules: true });
  const { sql, admin } = database;
  const vendorId = await addVendor(sql);
  const product = await addProduct(sql, { vendorId, categoryId: await addCategory(sql, "milk") });
  await sql`insert into personalization.subjects (id) select gen_random_uuid() from generate_series(1, 1200)`;
  await sql`
    insert into personalization.interactions (event_id, occurred_at, subject_id, signal, product_id, strength, raw)
    select gen_random_uuid(), now() - make_interval(mins => n), s.id, 'click', ${product}, 0.2, '{}'
    from personalization.subjects s, generate_series(1, 5) n`;
  await sql`
    insert into live.listeners (subject_id, stream_id, until)
    select gen_random_uuid(), gen_random_uuid(), now() - interval '2 hours' from generate_series(1, 2500)`;
  const [first] = await sql`select personalization.derive_viewed_often(now() - interval '1 hour', now()) as found`;
  assert.equal(first!.found, 1_000);
  const run = await runLeasedJob({
    store: postgresJobStore(admin.sql),
    job: "personalization-upkeep",
    work: (chunk) => keepUp(chunk, { admin }),
    readProgress: readUpkeepProgress,
    deadline,
    clock: systemClock,
  });
  assert.equal(run.status, "succeeded", JSON.stringify(run));
  const [left] = await sql`
    select (select count(*)::integer from live.listeners) as listeners,
      (select count(*)::integer from personalization.interactions where signal = 'viewed_often') as derived`;
  assert.deepEqual({ ...left }, { listeners: 0, derived: 1_200 });
});

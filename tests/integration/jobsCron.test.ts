import assert from "node:assert/strict";
import type postgres from "postgres";
import { addSchedule, jobDatabase } from "./jobs/jobDatabase.ts";

async function jobs(sql: postgres.Sql): Promise<string[]> {
  const rows = await sql`select jobid, jobname, schedule, command from cron.job order by jobname`;
  return rows.map(({ jobid, jobname, schedule, command }) => `${jobid} ${jobname} | ${schedule} | ${command}`);
}

async function calls(sql: postgres.Sql): Promise<string[]> {
  return (await sql`with gone as (delete from cron.calls returning *) select call from gone order by id`)
    .map(({ call }) => call);
}

Deno.test("where pg_cron is not, registering does nothing and harms nothing", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "a");
  assert.deepEqual([...await database.sql`select * from resilience.register_jobs()`], []);
});

Deno.test("registering brings pg_cron in step, and a second time changes nothing", async () => {
  await using database = await jobDatabase();
  const { sql } = database;
  await addSchedule(sql, "a", { cron: "*/5 * * * *" });
  await addSchedule(sql, "b", { isEnabled: false });
  await database.install("cronStandIn.sql");
  await sql`select cron.schedule('somebody-elses', '* * * * *', 'select 1')`;
  const changed = await sql`select * from resilience.register_jobs()`;
  assert.deepEqual(changed.map(({ job_name, action }) => `${job_name} ${action}`), ["a scheduled"]);
  const first = await jobs(sql);
  assert.deepEqual(first, [
    "2 ballast:a | */5 * * * * | select resilience.wake_job('a')",
    "1 somebody-elses | * * * * * | select 1",
  ]);
  await calls(sql);
  assert.deepEqual([...await sql`select * from resilience.register_jobs()`], []);
  assert.deepEqual(await jobs(sql), first);
  assert.deepEqual(await calls(sql), []);
});

Deno.test("each change of the table reaches pg_cron in the same transaction", async () => {
  await using database = await jobDatabase();
  const { sql } = database;
  await database.install("cronStandIn.sql");
  await sql`select cron.schedule('somebody-elses', '* * * * *', 'select 1')`;
  await addSchedule(sql, "a");
  await addSchedule(sql, "b");
  await sql`update resilience.job_schedules set cron = '7 * * * *' where name = 'a'`;
  assert.deepEqual((await jobs(sql)).map((job) => job.split(" | ").slice(0, 2).join(" ")), [
    "2 ballast:a 7 * * * *",
    "3 ballast:b * * * * *",
    "1 somebody-elses * * * * *",
  ]);
  await sql`update resilience.job_schedules set is_enabled = false where name = 'a'`;
  await sql`delete from resilience.job_schedules where name = 'b'`;
  assert.deepEqual(await jobs(sql), ["1 somebody-elses | * * * * * | select 1"]);
  await assert.rejects(sql.begin(async (tx) => {
    await tx`update resilience.job_schedules set is_enabled = true`;
    throw new Error("rolled back");
  }));
  assert.equal((await jobs(sql)).length, 1);
  await calls(sql);
  await sql`update resilience.job_schedules set is_enabled = true`;
  assert.deepEqual(await calls(sql), ["schedule ballast:a"]);
});

Deno.test("the service may change schedules and wake jobs without a right of its own on pg_cron or the vault", async () => {
  await using database = await jobDatabase();
  const { sql } = database;
  await database.install("cronStandIn.sql");
  await sql`
    select vault.create_secret('https://abc.supabase.co/', 'ballast_project_url'),
      vault.create_secret('sb_secret_s', 'ballast_secret_key')`;
  await sql.begin(async (tx) => {
    await tx`set local role service_role`;
    await addSchedule(tx as unknown as postgres.Sql, "a", { cron: "3 * * * *" });
    await tx`select resilience.wake_job('a')`;
  });
  assert.equal((await jobs(sql)).length, 1);
  const [request] = await sql`select url, body, headers, timeout_milliseconds as timeout from net.requests`;
  assert.equal(request?.url, "https://abc.supabase.co/functions/v1/some-job");
  assert.equal(request?.timeout, 5000);
  assert.deepEqual(request?.headers, { "content-type": "application/json", apikey: "sb_secret_s" });
  assert.equal(request?.body.job, "a");
  assert.match(request?.body.scheduledFor, /^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/);
  assert.ok(Math.abs(Date.parse(request?.body.scheduledFor) - Date.now()) < 120_000);
});

Deno.test("nobody but the service may wake, claim or register", async () => {
  await using database = await jobDatabase();
  const { sql } = database;
  for (const role of ["anon", "authenticated"]) {
    for (const call of ["wake_job('a')", "register_jobs()", "claim_job_run('a')", "job_health()", "queue_health()"]) {
      const attempt = sql.begin(async (tx) => {
        await tx.unsafe(`set local role ${role}`);
        await tx.unsafe(`select * from resilience.${call}`);
      });
      await assert.rejects(attempt, { code: "42501" }, `${role} ${call}`);
    }
  }
});

Deno.test("waking says what the vault lacks, and wakes nothing that is switched off", async () => {
  await using database = await jobDatabase();
  const { sql } = database;
  await database.install("cronStandIn.sql");
  await addSchedule(sql, "a");
  await addSchedule(sql, "off", { isEnabled: false });
  await assert.rejects(
    async () => await sql`select resilience.wake_job('a')`,
    { code: "55000", message: /Cannot wake the job 'a' as the vault lacks ballast_project_url/ },
  );
  const [row] = await sql`select resilience.wake_job('off') as id, resilience.wake_job('unknown') as other`;
  assert.deepEqual({ ...row }, { id: null, other: null });
  assert.deepEqual([...await sql`select * from net.requests`], []);
});

Deno.test("the suite's own schedules are in place after the migrations", async () => {
  await using database = await jobDatabase({ keepSchedules: true });
  const rows = await database.sql`select name, function_name as "functionName" from resilience.job_schedules`;
  const purge = rows.find(({ name }) => name === "ops-purge");
  assert.equal(purge?.functionName, "ops-purge");
});

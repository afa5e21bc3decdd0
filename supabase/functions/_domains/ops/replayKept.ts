import type { Database, SqlTag } from "../../_shared/db/database.ts";
import { claimLetters, countDueLetters } from "../../_shared/healing/ledger/claimLetters.ts";
import { nextRescues } from "../../_shared/healing/ledger/replayQueue.ts";
import type { JobContext } from "../../_shared/jobs/jobFactory.ts";
import type { ChunkResult, JobChunk } from "../../_shared/jobs/runLeasedJob.ts";
import type { ReplayReport } from "../../_shared/healing/client/operatorReports.ts";
import { replayKept as sendAgain } from "../../_shared/healing/operator/replayKept.ts";
import { openOperatorDb, type OperatorDb } from "../../_shared/healing/operator/openOperatorDb.ts";
import { postgresSchemaHistory } from "../../_shared/schema/schemaHistory.ts";
import type { ReplayOutcome, ReplayProgress } from "./rescue/replayProgress.ts";
import { isSweepDue, lastSweep, sweepBasis } from "./rescue/sweepBasis.ts";
import { checkSchema } from "./schema/checkSchema.ts";
import { settleOperatorCall } from "./settleOperatorCall.ts";

type Chunk = JobChunk<ReplayProgress>;
type Result = ChunkResult<ReplayProgress, ReplayOutcome>;

/** Letters of a chunk: some 100 ms of the database's time, far within a lease and a deadline. */
const lettersAtOnce = 10;
/** Records of a chunk; those whose fields have no column by now cost one look together. */
const recordsAtOnce = 100;
const mostCounted = 10_000;

/**
 * One chunk of sending again what was given up, and of moving what was set aside. A letter lands exactly once wherever a
 * runner dies: a replay takes, lands and settles it in one transaction, and so it moves a field. The cursor only says
 * where to look next. Letters are sent when their time has come or the schema is another one; fields are looked at when the
 * schema or the mappings are, and once a day.
 */
export async function replayKept(chunk: Chunk, context: JobContext): Promise<Result> {
  if (chunk.isDryRun) return { isDone: true, outcome: await rehearse(context) };
  const { progress } = chunk;
  if (progress === undefined) return { isDone: false, progress: await begin(chunk, context) };
  const sent = await sendClaimed(progress, context);
  switch (sent.then.of) {
    case "due":
    case "stale":
      return { isDone: false, progress: await claimNext(chunk, sent, context) };
    case "fields":
      return { isDone: false, progress: await moveFields(sent, sent.then.behind, context) };
    case "end":
      return { isDone: true, outcome: await outcomeOf(chunk, sent, context) };
  }
}

/** What is sent under a schema that nobody has looked at would be planned for the one before. */
async function begin({ job }: Chunk, { admin, clock, log }: JobContext): Promise<ReplayProgress> {
  const onError = (error: unknown) => log.warn("A listener of the schema failed", { error: String(error) });
  const { hash } = await checkSchema(admin, { clock, onError });
  opened.delete(admin); // What was decided since an earlier run counts.
  const basis = await sweepBasis(admin.sql, hash);
  const isDue = isSweepDue(await lastSweep(admin.sql, job), basis, clock.now());
  return {
    counts: { sent: 0, landed: 0, looked: 0, moved: 0, kept: 0 },
    schemaHash: hash,
    claimed: [],
    then: { of: "due" },
    ...(isDue ? { sweep: { basis, startedAt: new Date(clock.now()).toISOString() } } : {}),
  };
}

/** Sends what was claimed: of a runner that died, too. Those of them that have landed meanwhile are left out, and counted. */
async function sendClaimed(progress: ReplayProgress, { admin, log }: JobContext): Promise<ReplayProgress> {
  const { claimed, counts } = progress;
  if (claimed.length === 0) return progress;
  await replay(admin, claimed, log);
  const [row] = await admin.sql<{ landed: number }>`
    select count(*)::integer as landed from resilience.dead_letters
    where id = any (${claimed}::uuid[]) and outcome = 'landed'`;
  const landed = counts.landed + (row?.landed ?? 0);
  return { ...progress, claimed: [], counts: { ...counts, sent: counts.sent + claimed.length, landed } };
}

/** Claims the letters of the next chunk, together with the cursor that names them. */
async function claimNext(
  { saveProgress }: Chunk,
  progress: ReplayProgress,
  { admin }: JobContext,
): Promise<ReplayProgress> {
  const { schemaHash, sweep, then } = progress;
  return await admin.transaction(async (sql) => {
    const before = new Date(sweep?.startedAt ?? 0);
    const of = then.of === "stale" ? { before, behind: then.behind } : "due" as const;
    const { ids, next } = await claimLetters(sql, { schemaHash, limit: lettersAtOnce, of });
    const claimed = { ...progress, claimed: [...ids], then: afterClaim(then, next, sweep !== undefined) };
    await saveProgress(sql, claimed);
    return claimed;
  });
}

/** Due letters, then those of another schema, then fields; the latter two only in a sweep. */
function afterClaim(
  then: ReplayProgress["then"],
  next: { at: string; id: string } | undefined,
  isSweep: boolean,
): ReplayProgress["then"] {
  if (then.of === "stale") return next === undefined ? { of: "fields" } : { of: "stale", behind: next };
  if (next !== undefined) return { of: "due" };
  return isSweep ? { of: "stale" } : { of: "end" };
}

async function moveFields(
  progress: ReplayProgress,
  behind: { oid: string; id: string } | undefined,
  { admin, log }: JobContext,
): Promise<ReplayProgress> {
  const records = await nextRescues(admin.sql, {}, behind, recordsAtOnce);
  const last = records.at(-1);
  if (last === undefined) return { ...progress, then: { of: "end" } };
  const { moved, kept } = await replay(admin, records.map(({ id }) => id), log);
  const { counts } = progress;
  return {
    ...progress,
    counts: {
      ...counts,
      looked: counts.looked + records.length,
      moved: counts.moved + moved.length,
      kept: counts.kept + kept.length,
    },
    then: records.length < recordsAtOnce ? { of: "end" } : { of: "fields", behind: { oid: last.oid, id: last.id } },
  };
}

async function outcomeOf({ job }: Chunk, { counts, sweep }: ReplayProgress, { admin }: JobContext) {
  const last = sweep ?? await lastSweep(admin.sql, job);
  return { ...counts, ...(last === undefined ? {} : { sweep: last }) };
}

async function rehearse({ admin }: JobContext): Promise<ReplayOutcome> {
  const schemaHash = await newestHash(admin.sql);
  const looked = (await nextRescues(admin.sql, {}, undefined, mostCounted)).length;
  const sent = await countDueLetters(admin.sql, schemaHash, mostCounted);
  return { sent, landed: 0, looked, moved: 0, kept: 0 };
}

async function newestHash(sql: SqlTag): Promise<string> {
  const history = postgresSchemaHistory(sql);
  const [newest] = await history.versions({ limit: 1 });
  return newest?.hash ?? "";
}

/** A wake-up's chunks share one: reading the whole schema for each would take more time than the letters. */
const opened = new WeakMap<Database, OperatorDb>();

async function replay(admin: Database, ids: readonly string[], log: JobContext["log"]): Promise<ReplayReport> {
  const onError = (error: unknown) => log.warn("Something failed beside a replay", { error: String(error) });
  const db = opened.get(admin) ?? openOperatorDb(admin, { schemaPollMs: 0, onError });
  opened.set(admin, db);
  const report = settleOperatorCall(await db.call((kernel, deps) => sendAgain(deps, kernel, { ids })));
  await db.flush();
  return report;
}

import type { Row } from "../../connect/connector.ts";
import { AppError } from "../../errors/appError.ts";
import type { BatchOptions, BatchReport, BatchRow, RowFate } from "../client/batchReport.ts";
import type { HealingDeps } from "../client/healingDeps.ts";
import { toRows } from "../client/statementCalls.ts";
import { tableName } from "../client/tableName.ts";
import { isDown, knownToBeDown } from "../spill/isDown.ts";
import { chunkSizeKnob } from "./batchKnobs.ts";
import { givenUp, plainRange, type Range, type SettledRow, type TryRange } from "./batchRange.ts";
import { keyedRange } from "./keyedRange.ts";

/**
 * Writes many rows, a statement a chunk. A chunk that cannot land as a whole is halved until the rows at fault stand alone,
 * so that one bad row among 500 costs some ten statements and none of its neighbours.
 */
export async function runBatch(
  deps: HealingDeps,
  table: string,
  rows: readonly Row[],
  options: BatchOptions = {},
): Promise<BatchReport> {
  const { idempotencyKey, onProgress, signal } = options;
  // Under a key a batch that is sent again has to be cut as it was before: no knob may come between.
  const isTuned = options.chunkSize === undefined && idempotencyKey === undefined;
  const chunkSize = options.chunkSize ?? (isTuned ? deps.knobs.read(chunkSizeKnob) : chunkSizeKnob.defaultValue);
  if (!Number.isInteger(chunkSize) || chunkSize < 1) {
    throw new RangeError(`Cannot write a batch as 'chunkSize' must be a whole number from 1: got ${chunkSize}`);
  }
  if (!Array.isArray(rows) || toRows(rows) === undefined) {
    throw new TypeError("Cannot write a batch as the rows must be a list of objects");
  }
  const tryRange = behindBreaker(deps, rangeWriter(deps, idempotencyKey, signal));
  const settled: SettledRow[] = [];
  for (let start = 0; start < rows.length; start += chunkSize) {
    const range: Range = { table: tableName(table), start, rows: rows.slice(start, start + chunkSize) };
    const rowsOfRange = isTuned ? await toldChunk(deps, range, tryRange) : await settle(range, tryRange);
    for (const row of rowsOfRange) settled.push(row);
    try {
      onProgress?.({ done: settled.length, total: rows.length });
    } catch {
      // Whoever looks on cannot break what is looked at.
    }
  }
  return toReport(settled);
}

/** What a chunk of the knob's size took, and how many rows went with it: by that the size is tuned. */
async function toldChunk(deps: HealingDeps, range: Range, tryRange: TryRange): Promise<readonly SettledRow[]> {
  const { hub, clock } = deps;
  if (!hub.isWatched) return await settle(range, tryRange);
  const beganAtMs = clock.monotonic();
  const rows = await settle(range, tryRange);
  hub.called("db.batch.chunk", clock.monotonic() - beganAtMs, rows.some(({ error }) => error !== undefined));
  hub.counted("db.batch.chunk.rows", rows.length);
  return rows;
}

function rangeWriter(deps: HealingDeps, key: string | undefined, signal: AbortSignal | undefined): TryRange {
  if (key === undefined) return plainRange(deps, signal);
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new AppError(
      "invalid_idempotency_key",
      "Cannot write the batch as its idempotency key must be 1 to 200 printable ASCII characters without spaces",
    );
  }
  if (deps.route.database === undefined) {
    throw new TypeError("Cannot write a batch under an idempotency key through PostgREST: it has no transactions");
  }
  return keyedRange(deps, key, signal);
}

/** While the database is known to be down rows fail at once, with nothing sent. */
function behindBreaker({ breaker }: HealingDeps, tryRange: TryRange): TryRange {
  return async (range) => {
    if (!breaker.allows()) return { kind: "settled", rows: givenUp(range, knownToBeDown, {}, []) };
    const outcome = await tryRange(range);
    const hasFailed = outcome.kind === "settled" &&
      outcome.rows.some(({ error }) => error !== undefined && isDown(error));
    breaker.report(hasFailed);
    return outcome;
  };
}

async function settle(range: Range, tryRange: TryRange): Promise<readonly SettledRow[]> {
  const outcome = await tryRange(range);
  if (outcome.kind === "settled") return outcome.rows;
  const settled: SettledRow[] = [];
  for (const part of outcome.parts) settled.push(...await settle(part, tryRange));
  return settled;
}

function toReport(settled: readonly SettledRow[]): BatchReport {
  const counts: Record<RowFate, number> = { applied: 0, healed: 0, rescued: 0, deadLettered: 0, failed: 0 };
  for (const { fate } of settled) counts[fate]++;
  return { ...counts, rows: settled.map((row, index): BatchRow => ({ index, ...row })) };
}

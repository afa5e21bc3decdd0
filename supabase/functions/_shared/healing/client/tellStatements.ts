import type { Match, Row, Selection } from "../../connect/connector.ts";
import type { Clock } from "../../time/clock.ts";
import type { KernelHub } from "../../telemetry/kernelHub.ts";
import type { BatchReport } from "./batchReport.ts";
import type { DbResult, ResilientStatements } from "./resilientDb.ts";
import { selectShape, statementShape } from "./statementShape.ts";

/** Who is told of statements, and by which clock. */
export interface StatementListener {
  readonly hub: KernelHub;
  readonly clock: Clock;
}

/** Tells how long a call took, whatever is done about it meanwhile, and whether it came to nothing. */
export async function tellCall<Answer>(
  { hub, clock }: StatementListener,
  operation: string,
  shape: () => string,
  call: () => Promise<Answer>,
  hasFailed: (answer: Answer) => boolean,
): Promise<Answer> {
  const startedAt = clock.monotonic();
  let isOver = false;
  try {
    const answer = await call();
    isOver = true;
    hub.called(operation, clock.monotonic() - startedAt, hasFailed(answer), shape);
    return answer;
  } finally {
    if (!isOver) hub.called(operation, clock.monotonic() - startedAt, true, shape);
  }
}

/** Does a result carry an error? */
export const isError = ({ error }: DbResult<unknown>): boolean => error !== null;

/** Did any row of a batch not land? */
export const hasLostRows = ({ failed, deadLettered }: BatchReport): boolean => failed + deadLettered > 0;

/** Statements that tell of themselves. While nobody looks on that is one comparison each. */
export function tellStatements(listener: StatementListener, inner: ResilientStatements): ResilientStatements {
  const { hub } = listener;

  function tell<Data>(operation: string, shape: () => string, call: () => Promise<DbResult<Data>>) {
    return tellCall(listener, operation, shape, call, isError);
  }

  return {
    insert(table, rows, options) {
      if (!hub.isWatched) return inner.insert(table, rows, options);
      const shape = () => statementShape({ verb: "insert", table, rows });
      return tell("db.insert", shape, () => inner.insert(table, rows, options));
    },
    upsert(table, rows, options) {
      if (!hub.isWatched) return inner.upsert(table, rows, options);
      const shape = () => statementShape({ verb: "upsert", table, rows });
      return tell("db.upsert", shape, () => inner.upsert(table, rows, options));
    },
    update(table: string, patch: Row, match: Match, options) {
      if (!hub.isWatched) return inner.update(table, patch, match, options);
      const shape = () => statementShape({ verb: "update", table, rows: patch, match });
      return tell("db.update", shape, () => inner.update(table, patch, match, options));
    },
    delete(table: string, match: Match, options) {
      if (!hub.isWatched) return inner.delete(table, match, options);
      return tell(
        "db.delete",
        () => statementShape({ verb: "delete", table, match }),
        () => inner.delete(table, match, options),
      );
    },
    select(table: string, selection?: Selection, options?: { signal?: AbortSignal }) {
      if (!hub.isWatched) return inner.select(table, selection, options);
      return tell("db.select", () => selectShape(table, selection), () => inner.select(table, selection, options));
    },
    rpc(fn, args, options) {
      if (!hub.isWatched) return inner.rpc(fn, args, options);
      const shape = () => statementShape({ verb: "rpc", table: fn, ...args === undefined ? {} : { rows: args } });
      return tell("db.rpc", shape, () => inner.rpc(fn, args, options));
    },
  };
}

import type { Database, SqlTag } from "../../db/database.ts";
import type { TuningStore } from "./tuningStore.ts";

/** A store that reads, and answers every step with `done` without taking it. */
export function rehearsingStore(store: Pick<TuningStore, "read">): TuningStore {
  const done = () => Promise.resolve("done" as const);
  return {
    read: () => store.read(),
    propose: () => Promise.resolve({ answer: "done", id: "rehearsed" }),
    refuse: () => Promise.resolve(),
    shadow: done,
    beginTrial: done,
    startTrial: done,
    extendTrial: done,
    end: done,
    closeGuard: done,
  };
}

/** The same database, refusing whatever would change it. */
export function readOnlyDatabase(database: Database): Database {
  const sql: SqlTag = (strings, ...values) =>
    database.transaction((inside) => inside(strings, ...values), { isReadOnly: true });
  return {
    sql,
    call: sql,
    transaction: (work, options) => database.transaction(work, { ...options, isReadOnly: true }),
  };
}

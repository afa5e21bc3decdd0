import type { Database } from "../../db/database.ts";
import type { TagLook, TagStore } from "./tagStore.ts";

/** Tags in `resilience.cache_tags`: each method is one statement, which also works through a transaction-mode pooler. */
export function postgresTagStore(database: () => Pick<Database, "sql">): TagStore {
  return {
    async read(since, limit) {
      const [row] = await database().sql<{ look: TagLook }>`
        select resilience.read_cache_tags(${since ?? null}::text, ${limit}::integer) as look`;
      return row!.look;
    },

    async drop(tags) {
      const [row] = await database().sql<{ xid: string }>`
        select resilience.drop_cache_tags(${[...tags]}::text[]) as xid`;
      return row!.xid;
    },
  };
}

import type { TagStore } from "./tagStore.ts";

/** Tags of this isolate alone, where there is no database that others could be told through. */
export function localTagStore(): TagStore {
  const drops = new Map<string, number>();
  let next = 1;
  return {
    read(since, limit) {
      const told = [...drops].filter(([, xid]) => xid >= Number(since ?? 0)).sort(([, one], [, other]) => other - one);
      return Promise.resolve({
        snapshot: `${next}:${next}:`,
        drops: told.slice(0, limit).map(([tag, xid]) => [tag, String(xid)] as const),
      });
    },
    drop(tags) {
      const xid = next++;
      for (const tag of tags) drops.set(tag, xid);
      return Promise.resolve(String(xid));
    },
  };
}

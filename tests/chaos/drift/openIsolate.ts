import { createClient } from "@supabase/supabase-js";
import type { MappingAdvisor } from "../../../supabase/functions/_shared/ai/mappingAdvisor.ts";
import { createResilientDb, type ResilientDbOptions } from "../../../supabase/functions/_shared/resilientDbWrapper.ts";
import type { OpenIsolate } from "./driftWorld.ts";

/** Counts how often it is asked, and proposes the first column that is offered for each key: right by chance at most. */
export interface CountingAdvisor extends MappingAdvisor {
  readonly asked: number;
}

/** Makes a {@link CountingAdvisor}. */
export function countingAdvisor(): CountingAdvisor {
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    propose({ keys, columns }) {
      asked++;
      const [first] = columns;
      const reason = "It is the first one";
      return Promise.resolve(
        first === undefined ? [] : keys.map(({ key }) => ({ key, column: first.name, confidence: 0.99, reason })),
      );
    },
  };
}

/** Opens isolates as a function would: over a connection string, a pooler's, or a supabase-js client. */
export function openIsolateWith(advisor: MappingAdvisor, onError: (error: unknown) => void): OpenIsolate {
  // The schema is looked at when a write fails, and by whoever else looks: a poll would make runs differ.
  const options: ResilientDbOptions = { advisor, schemaPollMs: 0, onError };
  return (route, { direct, pgbouncer, postgrest }) => {
    if (route === "direct") return createResilientDb(direct, options);
    if (route === "pgbouncer") return createResilientDb(pgbouncer, options);
    const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
    return createResilientDb(createClient(postgrest.url, postgrest.secretKey, { auth }), {
      ...options,
      ledger: direct,
    });
  };
}

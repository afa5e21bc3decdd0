import { fileURLToPath } from "node:url";
import type { TestDatabase } from "../../tests/harness/testDatabase.ts";

const poolSize = 10;

/** Starts the peer over a table of its own: the columns of an event, a primary key, an index for whoever reads. */
export async function startBareInsert(database: TestDatabase): Promise<{ url: string } & AsyncDisposable> {
  await database.sql.unsafe(`
    create table public.bare_events (
      event_id uuid primary key, subject_id uuid not null, type text not null, product_id uuid not null,
      occurred_at timestamptz not null, raw jsonb not null
    );
    create index bare_events_by_subject on public.bare_events (subject_id, occurred_at desc);
    alter table public.bare_events enable row level security;`);
  const script = fileURLToPath(new URL("./bareInsert.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", script, database.url, String(poolSize)],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let output = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    if (output.includes("\n")) break;
  }
  return {
    url: `http://127.0.0.1:${/ready (\d+)/.exec(output)?.[1]}`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

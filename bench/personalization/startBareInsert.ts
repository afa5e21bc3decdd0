import { fileURLToPath } from "node:url";
import type { TestDatabase } from "../../tests/harness/testDatabase.ts";
import { testStack } from "../../tests/harness/testStack.ts";

/** Where the peer answers. */
export interface BareInsert extends AsyncDisposable {
  /** Behind a gateway like that of the functions it is held against. */
  readonly behindGateway: string;
  /** In a server of its own, which nothing is before. */
  readonly alone: string;
}

const peerFolder = fileURLToPath(new URL("./peer", import.meta.url));

/** Starts the peer over a table of its own: the columns of an event, a primary key, an index for whoever reads. */
export async function startBareInsert(database: TestDatabase): Promise<BareInsert> {
  await database.sql.unsafe(`
    create table public.bare_events (
      event_id uuid primary key, subject_id uuid not null, type text not null, product_id uuid not null,
      occurred_at timestamptz not null, raw jsonb not null
    );
    create index bare_events_by_subject on public.bare_events (subject_id, occurred_at desc);
    alter table public.bare_events enable row level security;`);
  const env = { PEER_DB_URL: database.url };
  await using starting = new AsyncDisposableStack();
  const stack = starting.use(await testStack({ functionsFolder: peerFolder, env }));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", `${peerFolder}/bare-insert/index.ts`],
    env,
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  starting.defer(async () => {
    child.kill("SIGKILL");
    await child.status;
  });
  let output = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    if (output.includes("\n")) break;
  }
  const owned = starting.move();
  return {
    behindGateway: `${stack.url}/functions/v1/bare-insert`,
    alone: `http://127.0.0.1:${/ready (\d+)/.exec(output)?.[1]}`,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

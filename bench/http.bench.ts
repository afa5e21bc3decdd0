import { fileURLToPath } from "node:url";
import { AccessTokens } from "../local/auth/accessToken.ts";
import { startIsolateProcess } from "../local/gateway/isolateProcess.ts";
import { makeApiKey } from "../local/keys/apiKey.ts";
import { makeSigningKey, publicKeySet } from "../local/keys/signingKey.ts";
import { functionEnv } from "../local/stack/functionEnv.ts";
import { freePort } from "../local/database/freePort.ts";
import { testDatabase } from "../tests/harness/testDatabase.ts";
import { cpuSeconds } from "./http/cpuTime.ts";
import { findLoadGenerator, type Load, type LoadGenerator } from "./http/measureLoad.ts";
import type { Bench } from "./report/bench.ts";
import { markdownTable } from "./report/markdownTable.ts";
import { median } from "./report/median.ts";

// Many short rounds: a burst of other work spoils few of them, and the two sides of a pair follow each other closely.
const rounds = 25;
const seconds = 1;
const warmUpSeconds = 3;
const connections = 32;
const poolSize = 10;
const noteId = 4242;
const wantedRatio = 0.6;
const userId = "00000000-0000-4000-8000-000000000001";

interface Side {
  readonly label: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The process that answers. */
  readonly pid: number;
  /** The label of the side it is compared with. */
  readonly peer?: string;
}

interface Round extends Load {
  /** CPU time of the answering process a request, in microseconds; what else the machine does weighs little on it. */
  readonly cpuUs: number | undefined;
}

async function measureRound(generator: LoadGenerator, { url, headers, pid }: Side): Promise<Round> {
  const before = await cpuSeconds(pid);
  const load = await generator.measure({ url, headers, connections, seconds });
  const after = await cpuSeconds(pid);
  if (before === undefined || after === undefined) return { ...load, cpuUs: undefined };
  return { ...load, cpuUs: (after - before) * 1e6 / (load.requestsPerSecond * seconds) };
}

async function fill(database: { sql: { unsafe(text: string): Promise<unknown> } }): Promise<void> {
  await database.sql.unsafe(`
    create table public.notes (id int primary key, owner uuid not null, body text not null);
    alter table public.notes enable row level security;
    create policy own_notes on public.notes for select to authenticated using (owner = (select auth.uid()));
    grant select on public.notes to authenticated, service_role;
    insert into public.notes select i, '${userId}', repeat('note ' || i || ' ', 10) from generate_series(1, 10000) as i;
    analyze public.notes;
  `);
}

async function startBare(dbUrl: string, claims: string): Promise<{ url: string; pid: number } & AsyncDisposable> {
  const script = fileURLToPath(new URL("./http/bareServer.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", script, dbUrl, String(poolSize), claims],
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
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}

async function startGateway(dbUrl: string) {
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const signingKey = await makeSigningKey();
  const [publishableKey, secretKey] = await Promise.all([makeApiKey("publishable"), makeApiKey("secret")]);
  const keys = { publishableKey, secretKey, signingKey, jwks: publicKeySet(signingKey) };
  const isolate = await startIsolateProcess({
    settings: {
      port,
      hostname: "127.0.0.1",
      functionsFolder: fileURLToPath(new URL("./functions", import.meta.url)),
      reusePort: true,
      peers: 0,
      graceMs: 3_000,
    },
    env: { ...functionEnv({ url, dbUrl, keys }), BALLAST_DB_POOL: String(poolSize) },
    onLog: ({ text }) => void Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`)),
    configFile: fileURLToPath(new URL("../deno.json", import.meta.url)),
  });
  const tokens = new AccessTokens(signingKey, url);
  const user = { id: userId, email: "ada@example.com", role: "authenticated", aud: "authenticated" };
  const { token } = await tokens.sign(user as Parameters<AccessTokens["sign"]>[0], crypto.randomUUID(), "password");
  return {
    url: `${url}/functions/v1`,
    publishableKey,
    token,
    pid: isolate.pid,
    [Symbol.asyncDispose]: () => isolate.drain("shutdown"),
  };
}

async function measure(progress: (line: string) => void): Promise<string> {
  const generator = await findLoadGenerator();
  await using database = await testDatabase();
  await fill(database);
  await using gateway = await startGateway(database.url);
  const claims = atob(gateway.token.split(".")[1]!.replaceAll("-", "+").replaceAll("_", "/"));
  await using bare = await startBare(database.url, claims);
  const [bareLabel, bareRls] = ["bare handler", "bare handler, RLS by sql.begin"];
  const query = `?id=${noteId}`;
  const sides: Side[] = [
    { label: bareLabel, url: `${bare.url}/bare${query}`, headers: {}, pid: bare.pid },
    {
      label: "contract function, ctx.admin",
      url: `${gateway.url}/read-admin${query}`,
      headers: { apikey: gateway.publishableKey },
      pid: gateway.pid,
      peer: bareLabel,
    },
    { label: bareRls, url: `${bare.url}/rls${query}`, headers: {}, pid: bare.pid },
    {
      label: "contract function, ctx.db under RLS with a user's JWT",
      url: `${gateway.url}/read-own${query}`,
      headers: { apikey: gateway.publishableKey, authorization: `Bearer ${gateway.token}` },
      pid: gateway.pid,
      peer: bareRls,
    },
  ];
  for (const { label, url, headers } of sides) {
    const response = await fetch(url, { headers });
    const text = await response.text();
    if (response.status !== 200 || JSON.parse(text).id !== noteId) {
      throw new Error(`Cannot measure '${label}' as it answers ${response.status}: ${text}`);
    }
    await generator.measure({ url, headers, connections, seconds: warmUpSeconds });
  }
  const loads = new Map<string, Round[]>(sides.map(({ label }) => [label, []]));
  for (let round = 0; round < rounds; round++) {
    // Forth and back: whatever drifts on the machine meets both sides of a pair alike.
    for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
      const load = await measureRound(generator, side);
      loads.get(side.label)!.push(load);
      progress(`round ${round + 1}, ${side.label}: ${Math.round(load.requestsPerSecond)}/s`);
    }
  }
  return render(sides, loads, generator.name);
}

function render(sides: readonly Side[], loads: ReadonlyMap<string, readonly Round[]>, generator: string): string {
  const middle = (label: string, of: (load: Round) => number) => median(loads.get(label)!.map(of));
  const ratio = ({ label, peer }: Side, of: (load: Round, peerLoad: Round) => number) => {
    if (peer === undefined) return "";
    // Round by round, so that a slow moment of the machine weighs on both.
    const middleRatio = median(loads.get(label)!.map((load, round) => of(load, loads.get(peer)![round]!)));
    return Number.isNaN(middleRatio) ? "" : middleRatio.toFixed(2);
  };
  const rows = sides.map((side) => [
    side.label,
    Math.round(middle(side.label, (load) => load.requestsPerSecond)).toLocaleString("en"),
    middle(side.label, (load) => load.p50Ms).toFixed(1),
    middle(side.label, (load) => load.p99Ms).toFixed(1),
    Number.isNaN(middle(side.label, (load) => load.cpuUs ?? NaN))
      ? ""
      : middle(side.label, (load) => load.cpuUs ?? NaN).toFixed(0),
    ratio(side, (own, peer) => own.requestsPerSecond / peer.requestsPerSecond),
    ratio(side, (own, peer) => (peer.cpuUs ?? NaN) / (own.cpuUs ?? NaN)),
  ]);
  return `Load by ${generator} in a process of its own, ${connections} keep-alive connections, ${rounds} interleaved rounds of ${seconds} s after
${warmUpSeconds} s of warm-up; medians; the ratios are the medians of the rounds' ratios to the bare handler above. Each side is one process with
a pool of ${poolSize} connections; both read one row by primary key. The contract function goes through the real gateway and
verifies the key or token, validates input and answer, and carries request id, trace, CORS, deadline and timing; the bare
handler does none of this. CPU is that of the answering process a request, and its ratio how many requests the same CPU
answers: other work on the machine weighs less on it. Wanted: at least ${wantedRatio} of the bare handler's throughput.

${markdownTable(["", "requests/s", "p50 ms", "p99 ms", "CPU us", "ratio", "CPU ratio"], rows)}`;
}

/** A contract function through the real gateway beside a bare handler that runs the same query. */
export const httpBench: Bench = { name: "http", title: "A contract function beside a bare handler", run: measure };

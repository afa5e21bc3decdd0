// The peer: what a developer writes without Ballast. One handler, one postgres.js client, the same query; no contract, no
// validation of the answer, no verified key or token, no deadline, no request id.
import postgres from "postgres";

const sql = postgres(Deno.args[0]!, { max: Number(Deno.args[1]), onnotice: () => {} });
const claims = Deno.args[2]!;

const read = (on: postgres.Sql, id: number) => on`select id, owner, body from public.notes where id = ${id}`;

Deno.serve({
  port: 0,
  hostname: "127.0.0.1",
  onListen: ({ port }) => Deno.stdout.writeSync(new TextEncoder().encode(`ready ${port}\n`)),
}, async (request) => {
  const url = new URL(request.url);
  const id = Number(url.searchParams.get("id"));
  if (url.pathname === "/bare") {
    const [row] = await read(sql, id);
    return Response.json(row);
  }
  const row = await sql.begin(async (on) => {
    await on`select set_config('request.jwt.claims', ${claims}, true), set_config('role', 'authenticated', true)`;
    const [found] = await read(on as unknown as postgres.Sql, id);
    return found;
  });
  return Response.json(row);
});

// The peer: what a developer writes without Ballast to keep an event. One handler, one postgres.js client, one row; nobody is
// authenticated, nothing is checked, nothing is learned. Runs behind the gateway as any function, and as a server of its own.
import postgres from "postgres";

const sql = postgres(Deno.env.get("PEER_DB_URL")!, { max: 10, onnotice: () => {} });

interface BareEvent {
  readonly eventId: string;
  readonly subjectId: string;
  readonly type: string;
  readonly productId: string;
}

Deno.serve({
  port: 0,
  hostname: "127.0.0.1",
  onListen: ({ port }) => Deno.stdout.writeSync(new TextEncoder().encode(`ready ${port}\n`)),
}, async (request) => {
  const event: BareEvent = await request.json();
  await sql`insert into public.bare_events (event_id, subject_id, type, product_id, occurred_at, raw)
    values (${event.eventId}, ${event.subjectId}, ${event.type}, ${event.productId}, now(), ${sql.json({ ...event })})`;
  return Response.json({ recorded: true });
});

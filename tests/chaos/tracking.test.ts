// deno-lint-ignore-file no-console -- the figures and the seed that replays them
import assert from "node:assert/strict";
import { join } from "node:path";
import { bootstrap } from "../../local/database/bootstrap.ts";
import { connect } from "../../local/database/connect.ts";
import { migrate } from "../../local/database/migrate.ts";
import { startPostgres } from "../../local/database/postgresServer.ts";
import type { TrackEvent } from "../../supabase/functions/_domains/personalization/track/trackEvent.ts";
import { trackInteractions } from "../../supabase/functions/_domains/personalization/trackInteractions.ts";
import type { Random } from "../../supabase/functions/_shared/random/random.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { sleep } from "../../supabase/functions/_shared/time/sleep.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { callerDbOf } from "../harness/callerDbOf.ts";
import { addCategory, addProduct, addVendor } from "../harness/marketOf.ts";
import { onFreePort } from "../harness/onFreePort.ts";
import { projectFolder } from "../harness/projectFolder.ts";
import { tempFolder } from "../harness/tempFolder.ts";
import { differences, learned, session } from "../integration/personalizationFixture.ts";
import { killServer } from "./killServer.ts";

const seed = Number(Deno.env.get("BALLAST_CHAOS_SEED") ?? Math.floor(Math.random() * 1e9));
const isFull = Deno.env.get("BALLAST_CHAOS") === "full";
const events = isFull ? 20_000 : 240;
const clients = 6;
/** Fewer than clients, so that they meet at the same subjects. */
const shoppers = Array.from({ length: 4 }, session);
const types = ["click", "view_details", "add_to_cart", "remove_from_cart", "purchase", "returned"] as const;

/** What a client does next: one event, or a few at once; now and then one that it has sent before. */
function nextEvents(random: Random, products: readonly string[], sent: readonly TrackEvent[]): TrackEvent[] {
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random.next() * items.length)]!;
  const event = (): TrackEvent => ({
    eventId: random.uuid(),
    type: pick(types),
    productId: pick(products),
    occurredAt: new Date(Date.now() - random.next() * 20 * 86_400_000).toISOString(),
    ...(random.next() < 0.3 ? { shown: [...products], listId: random.uuid(), position: 3 } : {}),
  });
  if (sent.length > 0 && random.next() < 0.1) return [pick(sent)];
  return Array.from({ length: random.next() < 0.2 ? 5 : 1 }, event);
}

Deno.test("a server killed under tracking loses no event that was acknowledged, counts none twice, and knows what a replay knows", async () => {
  await using folder = await tempFolder();
  const lasting = { dataFolder: join(folder.path, "data"), durability: "durable" } as const;
  let server = await onFreePort((port) => startPostgres({ ...lasting, port }));
  const options = { ...lasting, port: server.port };
  try {
    await bootstrap(server.superuserUrl);
    await migrate({ url: server.ownerUrl, folder: join(projectFolder, "supabase", "migrations") });
    const products: string[] = [];
    {
      await using sql = connect(server.ownerUrl);
      const vendorId = await addVendor(sql);
      const categoryId = await addCategory(sql, "milk");
      for (const name of ["Whole Milk", "Oat Milk", "Chili Milk", "Soy Milk"]) {
        products.push(await addProduct(sql, { vendorId, categoryId, name }));
      }
    }

    const random = seededRandom(seed);
    let [kills, acknowledged, failures, killAt, isOver] = [0, 0, 0, 40 + Math.floor(random.next() * 40), false];
    let restarting: Promise<void> = Promise.resolve();
    const told = new Map<string, string>();
    const noteAcknowledged = () => {
      if (++acknowledged < killAt || isOver) return;
      killAt = Infinity;
      // A kill comes after a number of events, not after a time: a slow machine would be killed before it has tracked any.
      restarting = (async () => {
        await killServer(server);
        kills++;
        server = await startPostgres(options);
        killAt = acknowledged + 40 + Math.floor(random.next() * (isFull ? 400 : 40));
      })();
    };

    await using dbs = callerDbOf({ url: server.ownerUrl }, clients);
    const runClient = async (number: number) => {
      const own = seededRandom(seed + 1 + number);
      const sent: TrackEvent[] = [];
      for (let count = 0; count < events / clients;) {
        const batch = nextEvents(own, products, sent);
        // What was sent again goes to the shopper it was of, as the client that sends it is theirs.
        const shopper = shoppers[number % shoppers.length]!;
        while (true) {
          try {
            const db = dbs.as(shopper.caller);
            const { results } = await trackInteractions({ events: batch }, { ...shopper, db, clock: systemClock });
            for (const { eventId, status, code } of results) {
              assert.ok(status === "recorded" || status === "duplicate", `${status} ${code}, seed ${seed}`);
              told.set(eventId, shopper.sessionKey);
              noteAcknowledged();
            }
            break;
          } catch (error) {
            if (error instanceof assert.AssertionError) throw error;
            failures++;
            await restarting;
            await sleep(20); // As clients do: the same events again, a little later.
          }
        }
        sent.push(...batch);
        count += batch.length;
      }
    };
    try {
      await Promise.all(Array.from({ length: clients }, (_, number) => runClient(number)));
    } finally {
      isOver = true;
      await restarting; // A server on its way up is waited for.
    }

    await using check = connect(server.ownerUrl);
    const rows = await check<{ id: string; times: number }[]>`
      select event_id as id, count(*)::integer as times from personalization.interactions
      where signal <> 'skipped' group by event_id`;
    const kept = new Map(rows.map(({ id, times }) => [id, times]));
    const lost = [...told.keys()].filter((id) => !kept.has(id));
    const doubled = rows.filter(({ times }) => times > 1);
    const unknown = rows.filter(({ id }) => !told.has(id));
    const before = await learned(check);
    await check`select personalization.rebuild_preferences(array(select id from personalization.subjects))`;
    const different = differences(before, await learned(check));
    console.log(
      `seed ${seed}: ${acknowledged} acknowledgments of ${told.size} events by ${clients} clients, ${kills} kills, ` +
        `${failures} failed calls sent again; ${lost.length} lost, ${doubled.length} doubled, ${unknown.length} kept unasked, ` +
        `${different.length} of ${before.size} sums differ from a replay`,
    );
    assert.deepEqual([lost, doubled, unknown, different], [[], [], [], []], `seed ${seed}`);
    assert.ok(kills >= 2 && failures > 0, `${kills} kills, ${failures} failures, seed ${seed}`);
  } finally {
    await server.stop();
  }
});

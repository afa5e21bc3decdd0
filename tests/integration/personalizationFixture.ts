import type * as z from "zod";
import type { TrackEvent } from "../../supabase/functions/_domains/personalization/track/trackEvent.ts";
import { trackInteractions } from "../../supabase/functions/_domains/personalization/trackInteractions.ts";
import type { TrackOutput } from "../../supabase/functions/_domains/personalization/trackInteractions.ts";
import type { Caller } from "../../supabase/functions/_shared/http/caller.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { callerDbOf, type CallerDbs, userCaller } from "../harness/callerDbOf.ts";
import { addCategory, addProduct, addUser, addVendor } from "../harness/marketOf.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";

/** Somebody with only the publishable key. */
export const visitor: Caller = { kind: "publishable", keyName: "default", clientAddress: "127.0.0.1" };

/** A shopper of a test: a user, a session, or a user who still holds the session's key. */
export interface Shopper {
  readonly caller: Caller;
  readonly sessionKey?: string;
}

/** A session without an account, of its own. */
export const session = (): Shopper & { sessionKey: string } => ({
  caller: visitor,
  sessionKey: crypto.randomUUID().replaceAll("-", ""),
});

/** A small market with four kinds of milk, and shoppers' databases. */
export interface ShopFixture extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly sql: TestDatabase["sql"];
  readonly dbs: CallerDbs;
  readonly vendorId: string;
  readonly categoryId: string;
  readonly milk: { readonly whole: string; readonly oat: string; readonly soy: string; readonly chili: string };
  /** Adds a user. */
  user(): Promise<Shopper & { readonly id: string }>;
  /** What a use case gets of a shopper's request. */
  ctx(shopper: Shopper): Parameters<typeof trackInteractions>[1];
  track(shopper: Shopper, ...events: TrackEvent[]): Promise<z.input<typeof TrackOutput>>;
  profileOf(shopper: Shopper & { readonly id?: string }): Promise<Map<string, number>>;
}

/** An event of a product, with an id of its own. */
export const eventOf = (productId: string, event: Partial<TrackEvent> = {}): TrackEvent => ({
  eventId: crypto.randomUUID(),
  type: "click",
  productId,
  ...event,
});

/** Opens the market. */
export async function shopFixture(): Promise<ShopFixture> {
  const database = await testDatabase();
  const { sql } = database;
  const dbs = callerDbOf(database, 8);
  const vendorId = await addVendor(sql);
  await addCategory(sql, "dairy");
  const categoryId = await addCategory(sql, "milk", "dairy");
  const product = (name: string) => addProduct(sql, { vendorId, categoryId, name });
  const milk = {
    whole: await product("Whole Milk"),
    oat: await product("Oat Milk"),
    soy: await product("Soy Milk"),
    chili: await product("Chili Milk"),
  };
  const ctx = ({ caller, sessionKey }: Shopper) => ({ caller, sessionKey, db: dbs.as(caller), clock: systemClock });
  return {
    database,
    sql,
    dbs,
    vendorId,
    categoryId,
    milk,
    ctx,
    user: async () => {
      const id = await addUser(sql);
      return { id, caller: userCaller(id) };
    },
    track: (shopper, ...events) => trackInteractions({ events }, ctx(shopper)),
    profileOf: async ({ id, sessionKey }) => {
      const rows = await sql<{ trait: string; score: number }[]>`
        select trait, score from personalization.read_profile(
          coalesce(${id ?? null}::uuid, personalization.session_subject(${sessionKey ?? null})))`;
      return new Map(rows.map(({ trait, score }) => [trait, score]));
    },
    async [Symbol.asyncDispose]() {
      await dbs[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** All that was learned of everybody, for comparing. */
export async function learned(sql: TestDatabase["sql"]) {
  const preferences = await sql<Record<string, string | number | Date>[]>`
    select subject_id || ' ' || trait as key, browsed, carted, bought, against, session_for, session_against, as_of, events
    from personalization.preferences`;
  const habits = await sql<Record<string, string | number | Date>[]>`
    select subject_id || ' ' || product_id as key, purchases, usual_quantity, last_quantity, first_bought_at, last_bought_at,
      interval_days
    from personalization.habits`;
  return new Map([...preferences, ...habits].map(({ key, ...row }) => [String(key), row]));
}

/** Where what was learned differs from what it was by more than rounding: empty where it does not. */
export function differences(one: Awaited<ReturnType<typeof learned>>, other: typeof one): string[] {
  const found: string[] = [];
  for (const key of new Set([...one.keys(), ...other.keys()])) {
    const [left, right] = [one.get(key), other.get(key)];
    if (left === undefined || right === undefined) {
      found.push(`${key} is known to one of them`);
      continue;
    }
    for (const [field, value] of Object.entries(left)) {
      const [mine, theirs] = [value, right[field]];
      const isSame = typeof mine === "number" && typeof theirs === "number"
        ? Math.abs(mine - theirs) <= 1e-12 + 1e-9 * Math.max(Math.abs(mine), Math.abs(theirs))
        : String(mine) === String(theirs);
      if (!isSame) found.push(`${key} ${field}: ${mine} and ${theirs}`);
    }
  }
  return found;
}

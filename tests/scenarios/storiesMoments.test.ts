import assert from "node:assert/strict";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { addUser } from "../harness/marketOf.ts";
import { testStack } from "../harness/testStack.ts";
import { userToken } from "../harness/userToken.ts";
import { idOf, stockMarket } from "../integration/recommendationsFixture.ts";
import { callsOf } from "./opsCalls.ts";

type Headers = Record<string, string>;

interface Item {
  readonly product: { readonly name: string };
  readonly reason: string | null;
  readonly why?: {
    readonly personal: number;
    readonly moment: { readonly moment: string; readonly pull: number } | null;
  };
}

const day = 86_400_000;
const kindOf = ({ product }: Item) => product.name.split(" ").at(-1);

Deno.test("stories of moments: whoever takes soup when it rains is offered soup when it rains", async (test) => {
  await using stack = await testStack();
  const { sql } = stack.database;
  await stockMarket(sql, [
    ...["Tomato", "Leek", "Pea"].map((name) => ({ name: `${name} soup`, category: "food/soup", popularity: 0.4 })),
    ...["Green", "Fruit", "Bean"].map((name) => ({ name: `${name} salad`, category: "food/salad", popularity: 0.4 })),
    ...["Rye", "White", "Corn"].map((name) => ({ name: `${name} bread`, category: "food/bread", popularity: 0.5 })),
  ]);
  const signIn = async (name: string): Promise<Headers> => {
    const userId = await addUser(sql, idOf("user", name));
    return { authorization: `Bearer ${await userToken(stack.signingKey, { userId })}` };
  };
  const call = async (name: string, who: Headers, method: string, input: Record<string, unknown>) => {
    const { status, body } = await callsOf(stack, name).ask(who, method, input);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  /** Five days in which one thing is taken when it rains, and another when the sun shines. */
  const live = async (who: Headers) => {
    const events = [1, 2, 3, 4, 5].flatMap((no) =>
      [["rainy", "soup", ["Tomato", "Leek"]], ["sunny", "salad", ["Green", "Fruit"]]].flatMap(
        ([weather, kind, names], place) =>
          (names as string[]).map((name) => ({
            eventId: crypto.randomUUID(),
            type: "add_to_cart",
            productId: idOf("product", `${name} ${kind}`),
            occurredAt: new Date(Date.now() - (2 * no + place) * day).toISOString(),
            context: { weather },
          })),
      )
    );
    const { results } = await call("interactions-track", who, "POST", { events });
    assert.ok(results.every(({ status }: { status: string }) => status === "recorded"), JSON.stringify(results));
  };
  const learn = async () => {
    await sql`update personalization.interactions set received_at = received_at - interval '2 minutes'`;
    await sql`delete from personalization.learning_windows`;
    const { get, post } = callsOf(stack, "ops-jobs");
    const isLearned = async () => {
      await post({ name: "personalization-hourly" });
      const { runs } = (await get({ name: "personalization-hourly" })).body;
      return runs.some(({ outcome }: { outcome: Record<string, unknown> | null }) => outcome?.isDoneBefore === true);
    };
    assert.ok(await waitUntil(isLearned, { timeoutMs: 30_000 }));
  };
  const recommend = async (who: Headers, input: Record<string, unknown>): Promise<Item[]> =>
    (await call("recommendations", who, "GET", { limit: 9, ...input })).items;
  const ann = await signIn("ann");
  for (const who of [ann, await signIn("bob"), await signIn("cat")]) await live(who);
  await learn();

  await test.step("her own row follows the weather, and says so", async () => {
    const rain = await recommend(ann, { weather: "rainy" });
    assert.deepEqual([kindOf(rain[0]!), rain[0]!.reason], ["soup", "What you like when it rains"]);
    const sun = await recommend(ann, { weather: "sunny" });
    assert.deepEqual([kindOf(sun[0]!), sun[0]!.reason], ["salad", "What you like when the sun shines"]);
    assert.ok(sun.findIndex((item) => kindOf(item) === "soup") > rain.findIndex((item) => kindOf(item) === "soup"));
    for (const item of [...sun, ...await recommend(ann, {})]) assert.doesNotMatch(item.reason!, /rain/);
  });

  await test.step("whoever is new is offered what many like in such weather", async () => {
    const rain = await recommend(await signIn("new"), { weather: "rainy" });
    const soup = rain.find((item) => kindOf(item) === "soup");
    assert.equal(soup?.reason, "What many like when it rains");
  });

  await test.step("search follows it, too, as GET and as POST, and tells how much", async () => {
    const find = async (method: string, input: Record<string, unknown>): Promise<Item[]> =>
      (await call("search-personalized", ann, method, input)).hits;
    const rain = await find("POST", { context: { weather: "rainy" } });
    assert.deepEqual(rain[0]!.why!.moment!.moment, "weather:rainy");
    assert.deepEqual([kindOf(rain[0]!), rain[0]!.reason], ["soup", "What you like when it rains"]);
    const sun = await find("GET", { weather: "sunny" });
    assert.equal(kindOf(sun[0]!), "salad");
    const personalOf = (hits: Item[]) => hits.find(({ product }) => product.name === "Pea soup")!.why!.personal;
    assert.ok(personalOf(rain) > personalOf(sun) + 0.05);
    for (const hits of [await find("POST", {}), await find("GET", { weather: "rainy", personalize: false })]) {
      assert.ok(hits.every(({ why }) => why!.moment === null));
    }
  });

  await test.step("it is hers: in her export, and gone when she is forgotten", async () => {
    const { elsewhere } = await call("profile-export", ann, "GET", {});
    assert.ok(elsewhere["personalization.moment_patterns"].length > 0);
    await call("preferences-live", ann, "DELETE", {});
    const rain = await recommend(ann, { weather: "rainy" });
    assert.ok(rain.every(({ reason }) => !reason!.startsWith("What you")));
  });

  await test.step("what is no weather and no meal is refused", async () => {
    for (const input of [{ weather: "foggy" }, { meal: "brunch" }, { timeZone: "Mars/Olympus" }]) {
      for (const name of ["recommendations", "search-personalized", "recommendations-stream"]) {
        const { status, body } = await callsOf(stack, name).ask(ann, "GET", { ...input });
        assert.deepEqual([status, body.code], [422, "invalid_input"], `${name} ${JSON.stringify(input)}`);
      }
    }
  });
});

import { client, notesDatabase } from "./dbFixture.ts";
import { interleave } from "./dbInterleaving.ts";

for (const options of [{ poolSize: 1 }, { poolSize: 3 }, { poolSize: 1, isPooled: true }]) {
  Deno.test(`no identity outlives its transaction, ${JSON.stringify(options)}`, async () => {
    await using database = await notesDatabase();
    await using made = client(database.url, options);
    for (let seed = 1; seed <= 6; seed++) await interleave(made, seed, 60);
  });
}

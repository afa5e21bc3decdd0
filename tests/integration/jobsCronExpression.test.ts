import assert from "node:assert/strict";
import { nextSlot } from "../../local/scheduler/nextSlot.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { addSchedule, jobDatabase } from "./jobs/jobDatabase.ts";

const seed = Number(Deno.env.get("SEED") ?? Math.floor(Math.random() * 2 ** 31));
const bounds = [[0, 59], [0, 23], [1, 31], [1, 12], [0, 7]] as const;

/** A field as people write it, with the mistakes they make. */
function randomField(place: number, random: () => number): string {
  const [low, high] = bounds[place]!;
  const pick = <T>(choices: readonly T[]) => choices[Math.floor(random() * choices.length)]!;
  const number = () => low + Math.floor(random() * (high - low + 1));
  const wild = () => pick([String(high + 1), "-1", "", "L", "MON", "*/0", "?", "07", "5/2", "*,", "1-", "*/99", "$"]);
  const part = () => {
    const [a, b] = [number(), number()].sort((x, y) => x - y);
    return pick([
      "*",
      String(a),
      `${a}-${b}`,
      `*/${Math.max(1, number())}`,
      `${a}-${b}/${1 + Math.floor(random() * 5)}`,
    ]);
  };
  if (random() < 0.03) return wild();
  return random() < 0.3 ? `${part()},${part()}` : part();
}

/** What cron means by a field, worked out the slow way. */
function matches(field: string, place: number, value: number): boolean {
  const [low, high] = bounds[place]!;
  return field.split(",").some((part) => {
    const [range, step = "1"] = part.split("/");
    const [from, to = from] = range === "*" ? [low, high] : range!.split("-").map(Number);
    const hit = (number: number) => number >= from! && number <= to! && (number - from!) % Number(step) === 0;
    return hit(value) || (place === 4 && value === 0 && hit(7));
  });
}

function slowNextSlot(expression: string, afterMs: number, limitMinutes: number): number | undefined {
  const fields = expression.split(" ");
  const first = Math.floor(afterMs / 60_000) + 1;
  for (let minute = first; minute < first + limitMinutes; minute++) {
    const at = new Date(minute * 60_000);
    const values = [at.getUTCMinutes(), at.getUTCHours(), at.getUTCDate(), at.getUTCMonth() + 1, at.getUTCDay()];
    if (values.every((value, place) => matches(fields[place]!, place, value))) return at.getTime();
  }
  return undefined;
}

Deno.test(`what the schedule table accepts, the scheduler reads as cron does (seed ${seed})`, async () => {
  const random = seededRandom(seed).next;
  await using database = await jobDatabase();
  const expressions = Array.from({ length: 1000 }, () => {
    const fields = bounds.map((_, place) => randomField(place, random));
    if (random() < 0.8) fields[random() < 0.5 ? 2 : 4] = "*";
    return fields.join(" ");
  });
  const rows = await database.sql<{ text: string; isAccepted: boolean }[]>`
    select text, resilience.is_cron_expression(text) as "isAccepted"
    from jsonb_array_elements_text(${JSON.stringify(expressions)}::text::jsonb) as item (text)`;
  const accepted = rows.filter(({ isAccepted }) => isAccepted).map(({ text }) => text);
  assert.ok(accepted.length > 250 && accepted.length < 950, `accepted ${accepted.length}`);
  const start = Date.UTC(2026, 10, 21) + Math.floor(random() * 1e9);
  let compared = 0;
  for (const text of accepted) {
    const slot = nextSlot(text, start);
    const slow = slowNextSlot(text, start, 2 * 1440);
    if (slow === undefined) {
      assert.ok(slot === undefined || slot >= start + 2 * 86_400_000 - 60_000, `${text}: ${slot}`);
    } else {
      compared++;
      assert.equal(slot, slow, text);
    }
  }
  assert.ok(compared > 80, `compared ${compared}`);
});

Deno.test("the schedule table refuses what the two dialects read differently, and says why", async () => {
  await using database = await jobDatabase();
  const refused = [
    "",
    "* * * *",
    "* * * * * *",
    "60 * * * *",
    "* 24 * * *",
    "* * 0 * *",
    "* * * 13 *",
    "* * * * 8",
    "5/10 * * * *",
    "*/0 * * * *",
    "9-5 * * * *",
    "0 0 1 * 1",
    "@daily",
    "0 0 * * MON",
    "0 0 $ * *",
    "0 0 L * *",
    "0  0 * * *",
    " 0 0 * * *",
    "*, * * * *",
    "0 0 * * *\n",
    "30 seconds",
  ];
  for (const cron of refused) {
    await assert.rejects(
      addSchedule(database.sql, "j", { cron }),
      { constraint_name: "cron_has_five_numeric_fields" },
      cron,
    );
  }
  await addSchedule(database.sql, "j", { cron: "1-5,7,*/15 0-23/2 * 1,12 0,7" });
});

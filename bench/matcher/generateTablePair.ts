import type { SourceColumn, TargetColumn } from "../../supabase/functions/_shared/healing/matcher/column.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { type CatalogColumn, columnCatalog } from "./columnCatalog.ts";
import { type Draw, drawFrom } from "./drawFrom.ts";
import { drawNamingHabits, type NamingHabits, renameColumn } from "./renameColumn.ts";
import type { TablePair } from "./tablePair.ts";
import { type TableHabits, valueMakers } from "./valueMakers.ts";
import { type LanguageWords, wordBank } from "./wordBank.ts";

/** What a generated pair stands for. */
export type PairSort = "integration" | "drift";

interface Table {
  readonly habits: TableHabits;
  readonly naming: NamingHabits;
  readonly language: keyof CatalogColumn["names"];
  readonly isAnonymous: boolean;
}

/**
 * Two tables that share some columns. "integration": two sites' tables as text, written independently;
 * "drift": a typed table and a payload of few rows whose keys drifted from its columns.
 */
export function generateTablePair(seed: number, sort: PairSort): TablePair {
  const draw = drawFrom(seededRandom(seed));
  const subject = drawSubject(draw);
  const first = drawTable(draw, sort, subject);
  const second = sort === "drift" && draw.chance(0.7)
    ? { ...first, naming: drawNamingHabits(draw) }
    : drawTable(draw, sort, subject);
  const deck = draw.shuffle(columnCatalog);
  const shared = deck.slice(0, draw.int(3, 10));
  // distractors come near the shared columns half of the time: same values, other meaning
  const others = deck.slice(shared.length).sort((a, b) => nearness(b, shared) - nearness(a, shared));
  const takeOthers = (count: number, offset: number) =>
    Array.from({ length: count }, (_, at) => draw.chance(0.5) ? others[offset + 2 * at] : others[20 + draw.int(0, 50)])
      .filter((column): column is CatalogColumn => column !== undefined);
  const left = draw.shuffle([...shared, ...new Set(takeOthers(draw.int(0, 5), 0))]);
  const right = draw.shuffle([...shared, ...new Set(takeOthers(draw.int(0, sort === "drift" ? 8 : 6), 1))]);
  const pool = draw.chance(0.35) ? samePool(draw, first.habits) : undefined;
  const sources = left.map((column): SourceColumn => ({
    name: nameColumn(column, first, draw),
    values: makeValues(column, first, draw, pool, sort === "drift" ? draw.pick([1, 1, 3, 10, 40]) : draw.int(15, 50)),
  }));
  const targets = right.map((column): TargetColumn => {
    const hasStatistics = sort === "integration" || draw.chance(0.6);
    return {
      name: nameColumn(column, second, draw),
      type: sort === "drift" && second.habits.isTyped ? column.type : "text",
      isNullable: true,
      hasDefault: false,
      isGenerated: false,
      ...(hasStatistics
        ? { statistics: { sampleValues: makeValues(column, second, draw, pool, draw.int(15, 50)) } }
        : {}),
    };
  });
  const truth = left.flatMap((column, source) => {
    const target = right.indexOf(column);
    return target < 0 ? [] : [[source, target] as const];
  });
  return { name: `${sort}-${seed}`, sources, targets, truth };
}

function drawSubject(draw: Draw): Record<"en" | "zh", LanguageWords> {
  const narrow = (words: LanguageWords): LanguageWords => ({
    ...words,
    nouns: draw.shuffle(words.nouns).slice(0, 20),
    companies: draw.shuffle(words.companies).slice(0, 9),
    categories: draw.shuffle(words.categories).slice(0, 8),
  });
  return { en: narrow(wordBank.en), zh: narrow(wordBank.zh) };
}

function drawTable(draw: Draw, sort: PairSort, subject: Record<"en" | "zh", LanguageWords>): Table {
  const valueLanguage = draw.chance(0.5) ? "en" : "zh";
  const isTyped = sort === "drift";
  return {
    habits: {
      language: valueLanguage,
      words: { ...subject[valueLanguage], nouns: draw.shuffle(subject[valueLanguage].nouns).slice(0, 15) },
      dateStyle: draw.int(0, 5),
      moneyStyle: draw.int(0, 6),
      isTyped,
      host: draw.pick(["shop.example.com", "www.news.tw", "example.org", "m.site.cn"]),
    },
    naming: drawNamingHabits(draw),
    language: draw.pick(
      valueLanguage === "zh" ? ["zh", "zh", "en"] as const : ["en", "en", "en", "es", "fr", "de"] as const,
    ),
    isAnonymous: sort === "integration" && draw.chance(0.08),
  };
}

/** Columns of one maker are twins: they look alike and mean different things. */
function nearness(column: CatalogColumn, shared: readonly CatalogColumn[]): number {
  return shared.some((other) => other.make === column.make)
    ? 2
    : shared.some((other) => other.type === column.type)
    ? 1
    : 0;
}

function nameColumn(column: CatalogColumn, table: Table, draw: Draw): string {
  if (table.isAnonymous) return `${draw.pick(["col", "column", "field"])}${draw.int(1, 40)}`;
  const language = draw.chance(0.93) ? table.language : "en";
  return renameColumn(draw.pick(column.names[language]), table.naming, draw);
}

type Pool = Map<string, () => string>;

/** Pairs with a pool hold the same entities, so their values overlap. */
function samePool(draw: Draw, habits: TableHabits): Pool {
  return new Map(columnCatalog.map((column) => {
    const make = valueMakers[column.make](draw, habits);
    const values = Array.from({ length: 60 }, make);
    return [column.key, () => draw.pick(values)];
  }));
}

function makeValues(column: CatalogColumn, table: Table, draw: Draw, pool: Pool | undefined, count: number): string[] {
  const make = pool?.get(column.key) ?? valueMakers[column.make](draw, table.habits);
  const blank = draw.chance(0.15) ? draw.float(0, 0.5) : 0;
  return Array.from({ length: count }, () => draw.chance(blank) ? "" : make());
}

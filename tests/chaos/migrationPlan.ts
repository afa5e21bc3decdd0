import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";

/** What a column was born as, and what it is by now. */
export interface MovingColumn {
  readonly bornAs: string;
  name: string;
  type: string;
  isDropped: boolean;
}

/** The table that all requests are about, and its columns. */
export interface MovingTable {
  name: string;
  readonly columns: readonly MovingColumn[];
  /** Columns that nobody asked for. */
  readonly strangers: string[];
}

/** One migration: what it is called, and its statements. */
export interface MigrationStep {
  readonly kind: "rename column" | "rename table" | "retype" | "add" | "drop stranger" | "drop" | "add again";
  readonly statements: readonly string[];
}

/** Types that a column goes through, each holding every value of the one before. */
const types: Readonly<Record<string, readonly string[]>> = {
  total: ["numeric(10, 2)", "numeric(14, 2)", "text"],
  quantity: ["integer", "bigint", "numeric", "text"],
  code: ["text", "varchar(60)"],
};

/** Statements that make the table as it is born, and a shelf for what stands in columns that are dropped. */
export const bornTable = `
  drop table if exists public.orders cascade;
  create table public.orders (
    id bigint primary key, total numeric(10, 2) not null, quantity integer not null, code text not null,
    note text, extra text
  );
  create index on public.orders (code);
  create table public.kept_by_migrations (id bigint, extra text);
`;

/** The table as it is born. */
export function newTable(): MovingTable {
  const column = (bornAs: string, type: string) => ({ bornAs, name: bornAs, type, isDropped: false });
  return {
    name: "orders",
    columns: [
      column("total", "numeric(10, 2)"),
      column("quantity", "integer"),
      column("code", "text"),
      column("note", "text"),
      column("extra", "text"),
    ],
    strangers: [],
  };
}

/** Draws migrations from a seed, each for the table as the ones before have left it. */
export function migrationDeck(seed: number, table: MovingTable): () => MigrationStep {
  const random = seededRandom(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random.next() * items.length)]!;
  let made = 0;
  return () => {
    const number = ++made;
    const target = `public.${table.name}`;
    const draw = random.next();
    const extra = table.columns.find(({ bornAs }) => bornAs === "extra")!;
    if (draw < 0.4) {
      const column = pick(table.columns.filter(({ isDropped }) => !isDropped));
      const isBack = column.name !== column.bornAs && random.next() < 0.5;
      const name = isBack ? column.bornAs : `${column.bornAs}_v${number}`;
      const statements = [`alter table ${target} rename column ${column.name} to ${name}`];
      column.name = name;
      return { kind: "rename column", statements };
    }
    if (draw < 0.55) {
      const name = table.name === "orders" ? `purchases_v${number}` : "orders";
      table.name = name;
      return { kind: "rename table", statements: [`alter table ${target} rename to ${name}`] };
    }
    if (draw < 0.75) {
      const column = pick(table.columns.filter(({ bornAs }) => types[bornAs] !== undefined));
      const list = types[column.bornAs]!;
      column.type = list[(list.indexOf(column.type) + 1) % list.length]!;
      const { name, type } = column;
      return {
        kind: "retype",
        statements: [`alter table ${target} alter column ${name} type ${type} using ${name}::${type}`],
      };
    }
    if (draw < 0.83) {
      const stranger = `stranger_v${number}`;
      table.strangers.push(stranger);
      return { kind: "add", statements: [`alter table ${target} add column ${stranger} text default 'none'`] };
    }
    if (draw < 0.87 && table.strangers.length > 0) {
      const stranger = table.strangers.shift()!;
      return { kind: "drop stranger", statements: [`alter table ${target} drop column ${stranger}`] };
    }
    if (extra.isDropped) {
      Object.assign(extra, { isDropped: false, name: "extra" });
      return { kind: "add again", statements: [`alter table ${target} add column extra text`] };
    }
    extra.isDropped = true;
    return {
      kind: "drop",
      statements: [
        `lock table ${target} in access exclusive mode`,
        `insert into public.kept_by_migrations select id, ${extra.name} from ${target} where ${extra.name} is not null`,
        `alter table ${target} drop column ${extra.name}`,
      ],
    };
  };
}

import type { Row } from "../../supabase/functions/_shared/connect/connector.ts";

/** How many connections each side holds. */
export const poolSize = 10;

/** The table of the benchmark, and the one whose column is renamed. */
export const ordersTable = `
  drop table if exists public.orders cascade;
  create table public.orders (
    id bigint primary key generated always as identity,
    customer_id int not null,
    total numeric(10, 2) not null,
    state text not null default 'new',
    note text,
    placed_at timestamptz not null default now()
  );
  create table public.drifted (like public.orders including all);
  insert into public.orders (customer_id, total, note)
    select i, i, repeat('note ' || i || ' ', 5) from generate_series(1, 10000) as i;
  analyze public.orders;
`;

/** One order. */
export const order: Row & { readonly customer_id: number; readonly total: string; readonly note: string } = {
  customer_id: 7,
  total: "12.50",
  note: "please ring twice, the bell is quiet",
};

/** The order that reads look for. */
export const orderId = 4242;

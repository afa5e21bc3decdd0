import type postgres from "postgres";

const atOnce = 500;

/** Makes of events what tracking would have made of them: subjects, keys, orders, price bands, evidence and habits. */
export async function learnMarket(sql: postgres.Sql): Promise<void> {
  await sql`insert into personalization.event_keys (event_id, received_at)
    select event_id, received_at from personalization.interactions on conflict do nothing`;
  await sql`insert into personalization.subjects (id, last_event_at)
    select subject_id, max(occurred_at) from personalization.interactions group by subject_id on conflict do nothing`;
  await writeOrders(sql);
  await sql`select personalization.refresh_price_bands()`;
  const subjects = await sql<{ id: string }[]>`select id from personalization.subjects order by id`;
  for (let from = 0; from < subjects.length; from += atOnce) {
    const ids = subjects.slice(from, from + atOnce).map(({ id }) => id);
    await sql`select personalization.rebuild_preferences(${ids}::uuid[])`;
  }
}

/** What a shopper bought of a vendor on a day is an order. */
async function writeOrders(sql: postgres.Sql): Promise<void> {
  await sql`
    with bought as (
      select md5(i.subject_id || i.vendor_id::text || i.occurred_at::date)::uuid as order_id, i.subject_id, i.vendor_id,
        min(i.occurred_at) over (partition by i.subject_id, i.vendor_id, i.occurred_at::date) as placed_at,
        i.product_id, i.quantity, p.price
      from personalization.interactions i join public.products p on p.id = i.product_id
      where i.signal in ('purchase', 'repeat_purchase', 'bulk_purchase')
        and exists (select 1 from public.customers c where c.id = i.subject_id)
    ), placed as (
      insert into public.orders (id, customer_id, vendor_id, status, total, placed_at)
      select order_id, subject_id, vendor_id, 'delivered', sum(quantity * price), placed_at
      from bought group by order_id, subject_id, vendor_id, placed_at
      on conflict do nothing returning id
    )
    insert into public.order_items (order_id, product_id, quantity, unit_price)
    select order_id, product_id, sum(quantity), max(price) from bought join placed on placed.id = order_id
    group by order_id, product_id on conflict do nothing`;
}

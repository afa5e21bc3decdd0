import type { RequestContext } from "../../../_shared/http/context.ts";
import type { ImportGround, KnownProduct } from "./planImport.ts";

interface GroundRow {
  readonly is_member: boolean;
  readonly categories: readonly { id: string; slug: string; name: string }[];
  readonly products: readonly (KnownProduct & { readonly sku: string })[];
}

/**
 * What an import has to know, in one round trip. Rows are found one by one, by their index: joined to tables that have just grown
 * they were compared each with each. Undefined where the caller does not act for the vendor.
 */
export async function readGround(
  db: Pick<RequestContext["db"], "sql">,
  vendorId: string,
  skus: readonly string[],
): Promise<Omit<ImportGround, "meanings"> | undefined> {
  const [ground] = await db.sql<GroundRow>`
    select ${vendorId}::uuid = any ((select commerce.my_vendors())::uuid[]) as is_member,
      (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'slug', c.slug, 'name', c.name)), '[]') from public.categories c)
        as categories,
      (select coalesce(jsonb_agg(jsonb_build_object('sku', p.sku, 'extras', (
        select e.extras from commerce.catalog_extras e where e.vendor_id = p.vendor_id and e.sku = p.sku
      ), 'values', jsonb_build_object(
        'category_id', p.category_id, 'name', p.name, 'description', p.description, 'brand', p.brand,
        'attributes', p.attributes, 'price', p.price::text, 'currency', p.currency, 'unit', p.unit,
        'unit_size', p.unit_size::text, 'season_months', p.season_months, 'stock', p.stock,
        'freshness_days', p.freshness_days, 'status', p.status,
        'expires_at', to_char(p.expires_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))), '[]')
      from public.products p
      where p.vendor_id = ${vendorId}::uuid and p.vendor_id = any ((select commerce.my_vendors())::uuid[])
        and p.sku = any (array(select jsonb_array_elements_text(${JSON.stringify(skus)}::text::jsonb)))) as products`;
  if (!ground!.is_member) return undefined;
  const { categories, products } = ground!;
  return {
    // Slugs go before names.
    categories: new Map([
      ...categories.map(({ id, name }) => [name.toLowerCase(), id] as const),
      ...categories.map(({ id, slug }) => [slug, id] as const),
    ]),
    products: new Map(products.map(({ sku, values, extras }) => [sku, { values, extras }])),
  };
}

import type postgres from "postgres";

/** Something that can run SQL: a connection of a test database. */
type Sql = postgres.Sql;

const slugOf = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");

/** Adds a vendor and gives its id. */
export async function addVendor(sql: Sql, vendor: Partial<MarketVendor> = {}): Promise<string> {
  const { name = `Vendor ${crypto.randomUUID().slice(0, 8)}`, kind = "farm", region = null, status = "active" } =
    vendor;
  const [row] = await sql<{ id: string }[]>`
    insert into public.vendors (id, slug, name, kind, region, status)
    values (${vendor.id ?? crypto.randomUUID()}, ${slugOf(name)}, ${name}, ${kind}, ${region}, ${status}) returning id`;
  return row!.id;
}

/** A vendor of a test's market. */
export interface MarketVendor {
  readonly id: string;
  readonly name: string;
  readonly kind: "farm" | "shop";
  readonly region: string | null;
  readonly status: "active" | "suspended";
}

/** Adds a category, below the one of slug `parent`, and gives its id. One that is there stays as it is. */
export async function addCategory(sql: Sql, slug: string, parent?: string): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    insert into public.categories (slug, name, parent_id)
    values (${slug}, ${slug}, (select id from public.categories where slug = ${parent ?? null}))
    on conflict (slug) do update set slug = excluded.slug returning id`;
  return row!.id;
}

/** A product of a test's market. */
export interface MarketProduct {
  readonly id: string;
  readonly vendorId: string;
  readonly categoryId: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly brand: string | null;
  readonly attributes: readonly string[];
  readonly price: number;
  readonly stock: number;
  readonly status: "active" | "hidden";
  readonly seasonMonths: readonly number[];
  readonly rating: number | null;
  readonly expiresAt: string | null;
}

/** Adds a product and gives its id. */
export async function addProduct(
  sql: Sql,
  product: Partial<MarketProduct> & Pick<MarketProduct, "vendorId" | "categoryId">,
): Promise<string> {
  const { id = crypto.randomUUID(), name = "Oat Milk", brand = null, attributes = [], price = 2.5, stock = 100 } =
    product;
  const { sku = id, description = "", status = "active", seasonMonths = [], rating = null, expiresAt = null } = product;
  await sql`
    insert into public.products (id, vendor_id, category_id, sku, name, description, brand, attributes, price, stock, status,
      season_months, rating, expires_at)
    values (${id}, ${product.vendorId}, ${product.categoryId}, ${sku}, ${name}, ${description}, ${brand}, ${[
    ...attributes,
  ]},
      ${price}, ${stock}, ${status}, ${[...seasonMonths]}::smallint[], ${rating}, ${expiresAt})`;
  return id;
}

/** Adds a user and gives their id. */
export async function addUser(sql: Sql, id: string = crypto.randomUUID()): Promise<string> {
  await sql`
    insert into auth.users (id, aud, role, email) values (${id}, 'authenticated', 'authenticated', ${
    id + "@example.test"
  })
    on conflict (id) do nothing`;
  return id;
}

/** Makes a user a member of a vendor. */
export async function addMember(
  sql: Sql,
  vendorId: string,
  userId: string,
  role: "owner" | "staff" = "owner",
): Promise<void> {
  await addUser(sql, userId);
  await sql`insert into public.vendor_members (vendor_id, user_id, role) values (${vendorId}, ${userId}, ${role})`;
}

/** Columns of products that a catalog may fill. */
export const catalogColumns = [
  ...[
    "sku",
    "name",
    "description",
    "category",
    "brand",
    "attributes",
    "price",
    "currency",
    "unit",
    "unit_size",
  ] as const,
  ...["season_months", "stock", "freshness_days", "status", "expires_at"] as const,
];
export type CatalogColumn = (typeof catalogColumns)[number];

/** Other spellings, without spaces and signs. */
const synonyms: Readonly<Record<CatalogColumn, string>> = {
  sku:
    "sku articlenumber articleno itemnumber itemno itemcode productcode productid artikelnummer artnr artikelnr code",
  name: "name title productname product itemname item bezeichnung artikel produktname produkt articlename",
  description: "description productdescription details beschreibung desc text",
  category: "category categoryname categoryslug productcategory kategorie department warengruppe producttype",
  brand: "brand brandname manufacturer marke hersteller",
  attributes: "attributes tags labels properties eigenschaften merkmale attribute",
  price: "price unitprice saleprice retailprice preis verkaufspreis cost priceeur",
  currency: "currency currencycode waehrung",
  unit: "unit unitofmeasure uom einheit",
  unit_size: "unitsize size packsize packagesize inhalt menge",
  season_months: "seasonmonths season months saison",
  stock: "stock instock stockquantity quantity qty inventory available quantityonhand bestand lagerbestand onhand",
  freshness_days: "freshnessdays shelflife shelflifedays haltbarkeit",
  status: "status state visibility",
  expires_at: "expiresat expires expiry expirydate bestbefore mhd",
};
const columnOf = new Map(
  catalogColumns.flatMap((column) => synonyms[column].split(" ").map((word) => [word, column] as const)),
);
const refused = new Set(["vendorid", "vendor"]);
/** Columns that are not a vendor's to fill: what a file says of them is kept beside the product. */
const guarded = new Set(["id", "categoryid", "rating", "ratings", "ratingcount", "reviews", "createdat", "updatedat"]);

/** What a header stands for: a column; nothing that is known; nothing that may be filled; or what makes a row refused. */
export type HeaderMeaning = CatalogColumn | "unknown" | "guarded" | "refused";

const bare = (header: string) => header.normalize("NFKD").toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** What each header stands for. Of two for one column, the first has it. */
export function readHeaders(headers: readonly string[]): Map<string, HeaderMeaning> {
  const taken = new Set<string>();
  const meanings = new Map<string, HeaderMeaning>();
  // A column's own name goes before other words for it, wherever it stands.
  for (const isExact of [true, false]) {
    for (const header of headers) {
      const word = bare(header);
      const column = columnOf.get(word);
      if (meanings.has(header) || (isExact && column?.replace("_", "") !== word)) continue;
      if (column !== undefined && !taken.has(column)) {
        taken.add(column);
        meanings.set(header, column);
      } else if (refused.has(word)) meanings.set(header, "refused");
      else meanings.set(header, column !== undefined || guarded.has(word) ? "guarded" : "unknown");
    }
  }
  return meanings;
}

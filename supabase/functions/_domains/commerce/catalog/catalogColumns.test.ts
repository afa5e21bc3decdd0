import assert from "node:assert/strict";
import { readHeaders } from "./catalogColumns.ts";

Deno.test("headers are known in many spellings; a column's own name goes first", () => {
  const meanings = readHeaders([
    "Product Name",
    "PREIS",
    "Art.-Nr.",
    "in stock",
    "Title",
    "Vendor ID",
    "Rating",
    "Shelf row",
    "Price",
  ]);
  assert.deepEqual(Object.fromEntries(meanings), {
    "Product Name": "name",
    PREIS: "guarded",
    "Art.-Nr.": "sku",
    "in stock": "stock",
    Title: "guarded",
    "Vendor ID": "refused",
    Rating: "guarded",
    "Shelf row": "unknown",
    Price: "price",
  });
});

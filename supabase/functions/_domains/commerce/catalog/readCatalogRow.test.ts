import assert from "node:assert/strict";
import { readCatalogRow } from "./readCatalogRow.ts";
import type { CatalogColumn } from "./catalogColumns.ts";

const categories = new Map([["milk", "c1"]]);
const read = (row: Partial<Record<CatalogColumn, unknown>>) =>
  readCatalogRow(Object.entries(row).map(([column, value]) => [column as CatalogColumn, value]), categories);

Deno.test("a row becomes values as the market keeps them; what is empty is not said", () => {
  assert.deepEqual(
    read({
      sku: " 7 ",
      category: "Milk",
      price: "3,49 \u20ac",
      attributes: "Organic | Low Fat",
      unit: "Stk.",
      unit_size: "0,50",
      brand: "",
    }),
    {
      values: {
        ...{ sku: "7", category_id: "c1", price: "3.49", currency: "EUR", attributes: ["organic", "low-fat"] },
        ...{ unit: "piece", unit_size: "0.500" },
      },
    },
  );
});

Deno.test("a bad field is named with its reason", () => {
  const bad: Partial<Record<CatalogColumn, unknown>>[] = [
    { category: "spaceships" },
    { stock: "-1" },
    { stock: 1.5 },
    { unit: "constructor" },
    { expires_at: "2026-02-30" },
    { season_months: "13" },
    { name: "a\0b" },
    { unit_size: 0 },
    { price: "$1", currency: "EUR" },
  ];
  for (const row of bad) assert.ok("error" in read(row), JSON.stringify(row));
});

import { importCatalog, ImportCatalogInput, ImportCatalogOutput } from "../_domains/commerce/importCatalog.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "catalog-import",
  summary: "Import a vendor's catalog from CSV or JSON, with the fate of every row",
  auth: ["user"],
  methods: {
    POST: {
      input: ImportCatalogInput,
      output: ImportCatalogOutput,
      rateLimit: perMinute(20),
      idempotent: true,
      bodyLimitBytes: 2_100_000,
      handler: importCatalog,
    },
  },
});

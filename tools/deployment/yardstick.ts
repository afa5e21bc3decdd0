import type { Upload } from "./upload.ts";

const name = "_yardstick"; // No function's name.
const entrypoint = `supabase/functions/${name}/index.ts`;

/**
 * What the speed of a machine is told by: two packages that never change, loaded as the functions are. The versions are
 * the yardstick's own and stay when the import map's move on: with others, `yardstickReferenceMs` would mean nothing.
 */
export const yardstick: Upload = {
  name,
  entrypoint,
  importMap: "import_map.json",
  files: new Map([
    ["import_map.json", JSON.stringify({ imports: { zod: "npm:zod@4.6.7", postgres: "npm:postgres@3.4.9" } })],
    [
      entrypoint,
      `import postgres from "postgres";\nimport { z } from "zod";\nexport default { fetch: () => [postgres, z] };\n`,
    ],
  ]),
};

/** How long the yardstick takes to load on the machine that load times are limited for. */
export const yardstickReferenceMs = 40;

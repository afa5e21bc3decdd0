/** The names that a new function's files are made of. */
export interface FunctionNames {
  /** The folder: lower case with dashes. */
  readonly name: string;
  readonly domain: string;
  /** The use case: the name in camel case. */
  readonly useCase: string;
}

/** Derives the names; the domain is the part before the first dash unless given. */
export function functionNamesOf(name: string, domain?: string): FunctionNames {
  const useCase = name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return { name, domain: domain ?? name.split("-")[0]!, useCase };
}

/** The files of a new function: path -> text. */
export function functionFiles({ name, domain, useCase }: FunctionNames): Map<string, string> {
  return new Map([
    [
      `supabase/functions/${name}/index.ts`,
      `import { ${useCase}, ${useCase}Input, ${useCase}Output } from "../_domains/${domain}/${useCase}.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";

export default defineFunction({
  name: "${name}",
  summary: "${summary}",
  auth: ["user", "publishable"],
  methods: {
    GET: { input: ${useCase}Input, output: ${useCase}Output, handler: ${useCase} },
  },
});
`,
    ],
    [
      `supabase/functions/_domains/${domain}/${useCase}.ts`,
      `import * as z from "zod";

/** What a caller sends; unknown fields are refused. */
export const ${useCase}Input = z.strictObject({ name: z.string().min(1).max(80) });

/** What a caller gets. */
export const ${useCase}Output = z.object({ greeting: z.string() });

/** Greets the caller, until it does what it is for. */
export function ${useCase}({ name }: z.output<typeof ${useCase}Input>): z.input<typeof ${useCase}Output> {
  return { greeting: \`Hello, \${name}\` };
}
`,
    ],
    [
      `supabase/functions/_domains/${domain}/${useCase}.test.ts`,
      `import assert from "node:assert/strict";
import { ${useCase} } from "./${useCase}.ts";

Deno.test("${useCase} greets the caller by name", () => {
  assert.deepEqual(${useCase}({ name: "Ada" }), { greeting: "Hello, Ada" });
});
`,
    ],
  ]);
}

/** What the function says of itself until somebody says it better. */
export const summary = "Greets the caller";

/** A config.toml with the function's block at its end. */
export function withConfigBlock(toml: string, name: string): string {
  return `${toml.trimEnd()}\n\n[functions.${name}]\nverify_jwt = false\nimport_map = "../import_map.json"\n`;
}

/** A README with the function's row at the end of the table under "Functions". */
export function withReadmeRow(readme: string, name: string): string {
  const lines = readme.split("\n");
  const start = lines.findIndex((line) => /^## Functions\s*$/.test(line));
  const first = lines.findIndex((line, index) => index > start && line.startsWith("|"));
  if (start < 0 || first < 0) throw new Error("Cannot add a row to README.md: it has no table under 'Functions'");
  let end = first;
  while (lines[end]?.startsWith("|")) end++;
  lines.splice(end, 0, `| [${name}](supabase/functions/${name}) | ${summary} | users, publishable key |`);
  return lines.join("\n");
}

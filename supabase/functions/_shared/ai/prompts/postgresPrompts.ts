import type { SqlTag } from "../../db/database.ts";
import type { Prompt } from "./prompt.ts";
import { PromptVariables } from "./promptVariables.ts";

interface PromptRow {
  readonly name: string;
  readonly version: number;
  readonly system: string;
  readonly template: string;
  readonly variables: unknown;
  readonly model: string;
  readonly max_tokens: number;
  readonly is_public: boolean;
}

/** All active prompts, by name. A row whose variables make no sense is left out, and told. */
export async function readActivePrompts(
  sql: SqlTag,
  onError: (error: unknown) => void = () => {},
): Promise<ReadonlyMap<string, Prompt>> {
  const rows = await sql<PromptRow>`
    select name, version, system, template, variables, model, max_tokens, is_public
    from resilience.prompts where is_active order by name`;
  const prompts = new Map<string, Prompt>();
  for (const { variables, max_tokens: maxTokens, is_public: isPublic, ...row } of rows) {
    const parsed = PromptVariables.safeParse(variables);
    if (parsed.success) prompts.set(row.name, { ...row, variables: parsed.data, maxTokens, isPublic });
    else onError(new Error(`Cannot use prompt '${row.name}' as its variables make no sense`, { cause: parsed.error }));
  }
  return prompts;
}

import type { SqlTag } from "../../db/database.ts";
import type { KnobReader } from "../../optimizer/knobs/knobReader.ts";
import type { Prompt } from "./prompt.ts";
import { promptKnob } from "./promptKnob.ts";
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

/**
 * The prompts in use, by name: of each that has an active version the one that its knob names, if there is such a version. A
 * prompt without an active version is off, whatever its knob says.
 */
export async function readChosenPrompts(
  sql: SqlTag,
  knobs: KnobReader,
  onError: (error: unknown) => void = () => {},
): Promise<ReadonlyMap<string, Prompt>> {
  const active = await readActivePrompts(sql, onError);
  const chosen = [...active.values()].flatMap(({ name, version: activeVersion }) => {
    const version = knobs.read(promptKnob(name));
    return version === 0 || version === activeVersion ? [] : [{ name, version }];
  });
  if (chosen.length === 0) return active;
  const rows = await sql<PromptRow>`
    select p.name, p.version, p.system, p.template, p.variables, p.model, p.max_tokens, p.is_public
    from resilience.prompts p join jsonb_to_recordset(${
    JSON.stringify(chosen)
  }::text::jsonb) as c (name text, version integer)
      on p.name = c.name and p.version = c.version order by p.name`;
  return new Map([...active, ...parseRows(rows, onError)]);
}

/** All active prompts, by name. A row whose variables make no sense is left out, and told. */
export async function readActivePrompts(
  sql: SqlTag,
  onError: (error: unknown) => void = () => {},
): Promise<ReadonlyMap<string, Prompt>> {
  const rows = await sql<PromptRow>`
    select name, version, system, template, variables, model, max_tokens, is_public
    from resilience.prompts where is_active order by name`;
  return parseRows(rows, onError);
}

function parseRows(rows: readonly PromptRow[], onError: (error: unknown) => void): Map<string, Prompt> {
  const prompts = new Map<string, Prompt>();
  for (const { variables, max_tokens: maxTokens, is_public: isPublic, ...row } of rows) {
    const parsed = PromptVariables.safeParse(variables);
    if (parsed.success) prompts.set(row.name, { ...row, variables: parsed.data, maxTokens, isPublic });
    else onError(new Error(`Cannot use prompt '${row.name}' as its variables make no sense`, { cause: parsed.error }));
  }
  return prompts;
}

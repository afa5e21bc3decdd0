import * as z from "zod";
import type { AiClient } from "./client/aiClient.ts";
import type { MappingAdvisor, MappingProposal } from "./mappingAdvisor.ts";

/** How an advisor asks. */
export interface AiMappingAdvisorOptions {
  /** A name of the configuration of models. @default "fast" */
  readonly model?: string;
  /** Whose budget it is. @default "healing" */
  readonly caller?: string;
  /** @default 3_000 */
  readonly deadlineMs?: number;
}

/** The version of the words below: usage is booked on it, and the provider's prompt cache keeps them. */
const prompt = { name: "map-columns", version: 1 };

const system = `You match keys of a payload to columns of a database table.
You get a question as JSON: the table, its free columns with their types, and keys that no column has, with the shapes of their
values. Say for a key which column it means only where its name and its values leave no reasonable doubt: an abbreviation, a
synonym, another language, another spelling. Leave out every other key. A wrong match is worse than none.
Name only keys of the question and columns of its list, each at most once.
"confidence" is how likely you are right, from 0 to 1; "reason" is one short sentence.`;

const Answer = z.object({
  proposals: z.array(z.object({
    key: z.string(),
    column: z.string(),
    confidence: z.number().min(0).max(1),
    reason: z.string().max(500),
  })),
});

const mostTokens = 2_000;

/**
 * Asks a model what keys mean. The question goes as data, redacted, and the answer is held to a schema; a proposal that names what
 * was not asked or not offered is dropped, and so are those that claim one key or one column twice.
 */
export function aiMappingAdvisor(
  client: Pick<AiClient, "extract">,
  options: AiMappingAdvisorOptions = {},
): MappingAdvisor {
  const { model = "fast", caller = "healing", deadlineMs = 3_000 } = options;
  return {
    async propose(question, { signal }) {
      const { value } = await client.extract(Answer, {
        prompt,
        caller,
        model,
        system,
        messages: [{ role: "user", parts: [{ kind: "data", name: "question", data: JSON.stringify(question) }] }],
        maxTokens: mostTokens,
        deadlineMs,
        signal,
        // A column may be called like an address looks; what was hidden of names comes back, and is then found on the list.
        restores: ["email", "key", "token", "card", "secret"],
      });
      const keys = new Set(question.keys.map(({ key }) => key));
      const columns = new Set(question.columns.map(({ name }) => name));
      const known = value.proposals.filter(({ key, column }) => keys.has(key) && columns.has(column));
      const isOnly = (field: "key" | "column") => (one: MappingProposal) =>
        known.filter((other) => other[field] === one[field]).length === 1;
      return known.filter(isOnly("key")).filter(isOnly("column"));
    },
  };
}

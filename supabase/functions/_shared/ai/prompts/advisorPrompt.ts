import type { Prompt } from "./prompt.ts";

/**
 * The words by which a model is asked what keys mean, as they come along: the first version of the kept prompt, and what is
 * used where that cannot be had. The provider's own cache keeps them.
 */
export const advisorPrompt: Prompt = {
  name: "map-columns",
  version: 1,
  system: `You match keys of a payload to columns of a database table.
You get a question as JSON: the table, its free columns with their types, and keys that no column has, with the shapes of their
values. Say for a key which column it means only where its name and its values leave no reasonable doubt: an abbreviation, a
synonym, another language, another spelling. Leave out every other key. A wrong match is worse than none.
Name only keys of the question and columns of its list, each at most once.
"confidence" is how likely you are right, from 0 to 1; "reason" is one short sentence.`,
  template: "{{question}}",
  variables: { question: { type: "json", maxLength: 100_000 } },
  model: "fast",
  maxTokens: 2_000,
  isPublic: false,
};

import type { PromptVariables } from "./promptVariables.ts";

/** One version of a prompt. It never changes. */
export interface Prompt {
  readonly name: string;
  readonly version: number;
  /** Goes to the model as it is. */
  readonly system: string;
  /** What the caller says, with `{{variable}}` where each value goes. */
  readonly template: string;
  readonly variables: PromptVariables;
  /** A name of the configuration of models. */
  readonly model: string;
  readonly maxTokens: number;
  /** May callers name it, or only code of this project? */
  readonly isPublic: boolean;
}

/** Where active prompts are read from. */
export interface PromptReader {
  /** The active version; `undefined` where there is none of that name. */
  find(name: string): Promise<Prompt | undefined>;
}

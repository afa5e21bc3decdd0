import type { AiClient } from "../../_shared/ai/client/aiClient.ts";
import type { PromptReader } from "../../_shared/ai/prompts/prompt.ts";

/** What the use cases of models are made of. */
export interface AiPorts {
  readonly client: AiClient;
  readonly prompts: PromptReader;
}

/** Makes the ports; nothing is asked or read before they are used. */
export type OpenAiPorts = () => AiPorts;

import type { AiProvider } from "./aiProvider.ts";
import { anthropicProvider } from "./anthropicProvider.ts";
import { gatewayProvider } from "./gatewayProvider.ts";

/** Where a gateway is asked unless the configuration names another one. */
export const defaultGatewayUrl = "https://ai.gateway.lovable.dev/v1";

/** The provider that a key is for: Anthropic's keys say so themselves, all others are a gateway's. */
export function openProvider(apiKey: string, baseUrl?: string): AiProvider {
  if (apiKey.startsWith("sk-ant-")) return anthropicProvider({ apiKey, ...baseUrl === undefined ? {} : { baseUrl } });
  return gatewayProvider({ apiKey, baseUrl: baseUrl ?? defaultGatewayUrl });
}

import type { AiRequest } from "./aiClient.ts";

/** Answers by rule: text, or a value for `extract`. The same request has the same answer. */
export type OfflineRule = (request: Pick<AiRequest, "values" | "messages">) => unknown;

/** Rules by the prompt's name. */
export type OfflineRules = Readonly<Record<string, OfflineRule>>;

/** What the rule for a request answers, as text; `undefined` where there is none. */
export function answerByRule(rules: OfflineRules, request: AiRequest): string | undefined {
  const rule = Object.hasOwn(rules, request.prompt.name) ? rules[request.prompt.name] : undefined;
  if (rule === undefined) return undefined;
  const answer = rule(request);
  return typeof answer === "string" ? answer : JSON.stringify(answer);
}

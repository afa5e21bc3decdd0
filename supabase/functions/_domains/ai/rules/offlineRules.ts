import type { OfflineRules } from "../../../_shared/ai/client/offlineRules.ts";
import { summarizeText } from "./summarizeText.ts";

/** Answers without a model, by the prompt's name. */
export const offlineRules: OfflineRules = {
  "summarize-text": ({ values = {} }) => summarizeText(String(values.text ?? ""), Number(values.sentences ?? 3)),
};

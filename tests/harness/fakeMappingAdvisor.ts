import type {
  MappingAdvisor,
  MappingProposal,
  MappingQuestion,
} from "../../supabase/functions/_shared/ai/mappingAdvisor.ts";

/** An advisor that knows a table of answers, and keeps what it was asked. */
export interface FakeMappingAdvisor extends MappingAdvisor {
  readonly asked: MappingQuestion[];
}

/** Answers key by key, whatever the table; keys that are not in `answers` are left out. */
export function fakeMappingAdvisor(
  answers: Readonly<Record<string, string>>,
  { confidence = 0.9, delayMs = 0 }: { confidence?: number; delayMs?: number } = {},
): FakeMappingAdvisor {
  const asked: MappingQuestion[] = [];
  return {
    asked,
    async propose(question, { signal }) {
      asked.push(question);
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      signal.throwIfAborted();
      return question.keys.flatMap(({ key }): MappingProposal[] => {
        const column = Object.hasOwn(answers, key) ? answers[key] : undefined;
        return column === undefined ? [] : [{ key, column, confidence, reason: "it is in the table of answers" }];
      });
    },
  };
}

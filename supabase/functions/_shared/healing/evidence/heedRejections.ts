import type { EvidenceSource, NameAnswer, NameOpinion } from "./evidence.ts";
import type { PatternShelf } from "./patternShelf.ts";

/**
 * A source that says nothing against an operator's no: an answer whose mapping was rejected becomes a doubt. For sources
 * that judge by themselves, which would else give the same answer again at the next write.
 */
export function heedRejections(source: EvidenceSource, shelf: PatternShelf): EvidenceSource {
  return {
    strategy: source.strategy,
    isCertain: source.isCertain,
    async answer(question) {
      const opinions = await source.answer(question);
      if (!opinions.some(isAnswer)) return opinions;
      const rejected = (await shelf.patternsOf(question.table.oid)).filter(({ state }) => state.kind === "rejected");
      return opinions.map((opinion): NameOpinion => {
        if (!isAnswer(opinion)) return opinion;
        const { name, column, alternatives = [] } = opinion;
        const no = rejected.find(({ key, targetAttnum }) => key === name && targetAttnum === column?.attnum);
        if (no === undefined) return opinion;
        return {
          name,
          isUnsure: true,
          alternatives: [{ reason: "rejected", column: column?.name, patternId: no.id }, ...alternatives],
        };
      });
    },
  };
}

const isAnswer = (opinion: NameOpinion): opinion is NameAnswer => !("isUnsure" in opinion);

/** Words that say little of what a text is about, by their length. */
const shortWord = 3;

/**
 * The sentences that say most of what the text says often, in their order: a sentence weighs as much as its words do on average,
 * and a word as often as it comes.
 */
export function summarizeText(text: string, mostSentences: number): string {
  const sentences = (text.match(/[^.!?\n]+[.!?]*/g) ?? []).map((sentence) => sentence.trim()).filter((one) =>
    one !== ""
  );
  if (sentences.length <= mostSentences) return sentences.join(" ");
  const counts = new Map<string, number>();
  for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const weigh = (sentence: string) => {
    const words = wordsOf(sentence);
    return words.reduce((sum, word) => sum + counts.get(word)!, 0) / Math.max(1, words.length);
  };
  return sentences
    .map((sentence, index) => ({ sentence, index, weight: weigh(sentence) }))
    .sort((one, other) => other.weight - one.weight || one.index - other.index)
    .slice(0, mostSentences)
    .sort((one, other) => one.index - other.index)
    .map(({ sentence }) => sentence)
    .join(" ");
}

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > shortWord);
}

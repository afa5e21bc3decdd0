import { stableHash } from "../../random/stableHash.ts";

/** A set of words in a few bits each (a Bloom filter): it has every word that was put in, and one or two in a thousand others. */
export class WordSet {
  /** Hashes of a word: eight are near the best for fourteen bits a word. */
  static readonly probes = 8;

  constructor(readonly bits: Uint8Array) {}

  /** Makes the set of some words. */
  static of(words: readonly string[], bitsOfWord = 14): WordSet {
    const set = new WordSet(new Uint8Array(Math.ceil(words.length * bitsOfWord / 8)));
    for (const word of words) for (const bit of set.#bitsOf(word)) set.bits[bit >>> 3]! |= 1 << (bit & 7);
    return set;
  }

  has(word: string): boolean {
    return this.#bitsOf(word).every((bit) => (this.bits[bit >>> 3]! & (1 << (bit & 7))) !== 0);
  }

  #bitsOf(word: string): number[] {
    const size = this.bits.length * 8;
    const start = stableHash(word);
    const step = stableHash(`${word}#`) | 1;
    return Array.from({ length: WordSet.probes }, (_, probe) => (start + Math.imul(probe, step) >>> 0) % size);
  }
}

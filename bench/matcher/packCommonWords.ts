// deno-lint-ignore-file no-console -- a tool that prints its figures
import { WordSet } from "../../supabase/functions/_shared/healing/matcher/wordSet.ts";

const mostWords = 30_000;
/** Of what tables are about and films are not. */
const wordsOfTrade = (
  "addressee assignee bidder consignee debtor franchisee grantee insuree invoicee lender lessee lessor licensee licensor " +
  "node obligor payee payer postcode remitter router sender shipper tender transferee trustor vendee vendor"
).split(" ");
const head = `// Written by bench/matcher/packCommonWords.ts; do not edit by hand.
/** The bits of the set of common words, in base64. */
`;

/** Packs the commonest words of a list, the commonest first, as JSON (`[{ "word": "you" }, ...]`), for the matcher. */
async function packCommonWords(file: string): Promise<void> {
  const list = JSON.parse(await Deno.readTextFile(file)) as { word: string }[];
  const words = [...new Set(list.map(({ word }) => word.toLowerCase()))].filter((word) => /^[a-z]{3,}$/.test(word));
  const kept = [...new Set([...words.slice(0, mostWords), ...wordsOfTrade])];
  const { bits } = WordSet.of(kept);
  const text = btoa(Array.from(bits, (byte) => String.fromCharCode(byte)).join(""));
  const lines = text.match(/.{1,200}/g)!.join("\n");
  const target = "../../supabase/functions/_shared/healing/matcher/commonWordBits.ts";
  await Deno.writeTextFile(new URL(target, import.meta.url), `${head}export const commonWordBits = \`\n${lines}\`;\n`);
  console.log(`${kept.length} words in ${bits.length} bytes; the last is '${kept.at(-1)}'`);
}

if (import.meta.main) {
  const [flag, file] = Deno.args;
  if (flag !== "--words" || file === undefined) {
    console.error("Usage: deno run -A bench/matcher/packCommonWords.ts --words <file>");
    Deno.exit(2);
  }
  await packCommonWords(file);
}

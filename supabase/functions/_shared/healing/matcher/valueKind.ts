/** The sorts of values a column can hold, told from their writing. */
export const valueKinds = [
  "integer",
  "decimal",
  "money",
  "percent",
  "boolean",
  "date",
  "datetime",
  "time",
  "url",
  "image",
  "email",
  "uuid",
  "phone",
  "ip",
  "code",
  "structure",
  "measure",
  "ratio",
  "word",
  "phrase",
  "sentence",
  "paragraph",
] as const;

/** One of {@link valueKinds}. */
export type ValueKind = typeof valueKinds[number];

const booleans = new Set(
  "true false yes no y n t f on off si oui non ja nein \u662f \u5426 \u6709 \u65e0 \u7121".split(" "),
);
const month = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";
const datePattern = new RegExp(
  `^(?:[a-z]{3,9},? )?(?:\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{2,4}(?!\\d)|` +
    // without a year only what can be a day and a month, so that "41/60" and "23.68 m" are none
    `(?:(?:0?\\d|1[0-2])[-/](?:[0-2]?\\d|3[01])|(?:[0-2]?\\d|3[01])[-/](?:0?\\d|1[0-2]))(?=$| )|` +
    `\\d{1,2}[- ]${month}\\.?(?:[- ,]+\\d{2,4})?|${month}\\.? \\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?|` +
    `(?:\\d{4}\\u5e74)?\\d{1,2}\\u6708\\d{1,2}\\u65e5)`,
);
const timePattern = /\d{1,2}:\d{2}/;
const onlyTime = /^\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)? ?(?:[ap]m)?$/;
const moneyPattern = new RegExp(
  "^(?:[a-z]{0,3}[$\\u20ac\\u00a3\\u00a5\\uffe5\\u20a9\\u20b9]|(?:usd|eur|gbp|twd|ntd?|rmb|cny|jpy|hkd|chf|rs)\\.? ?)\\s?[\\d.,]+|" +
    "^[\\d.,]+\\s?(?:[$\\u20ac\\u00a3\\u00a5\\u5143\\u5186]|usd|eur|gbp|twd|rmb|cny|jpy)",
);
const phonePattern = /^(?:\+|00)?[\d][\d\s().-]{6,18}(?:\s?(?:x|ext)\.?\s?\d+)?$/;
const imagePattern = /\.(?:jpe?g|png|gif|webp|svg|bmp)(?:\?|$)/;

/** Tells the sort of one written value; `text` is trimmed, lower case and not empty. */
export function kindOfValue(text: string): ValueKind {
  const first = text.charCodeAt(0);
  const hasDigit = /\d/.test(text);
  if (text.length <= 5 && booleans.has(text)) return "boolean";
  if (text.startsWith("http") || text.startsWith("www.") || text.startsWith("//")) {
    return imagePattern.test(text) ? "image" : "url";
  }
  if ((first === 91 || first === 123) && isStructure(text)) return "structure";
  if (hasDigit && text.length <= 40) {
    const numeric = kindOfNumeric(text);
    if (numeric !== undefined) return numeric;
  }
  if (text.includes("@") && /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/.test(text)) return "email";
  return kindOfText(text, hasDigit);
}

/** "[1, 2]" and {"a": 1}, but not "[news] a title". */
function isStructure(text: string): boolean {
  return /[\]}]$/.test(text) ? /["',:]|^\[\d*\]$|^\{\}$/.test(text) : text.length >= 200 && /^[[{]\s*["'{[]/.test(text);
}

function kindOfNumeric(text: string): ValueKind | undefined {
  if (/^[+-]?\d+$/.test(text)) {
    if (/^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(text)) return "date";
    return text.length >= 10 && (text.startsWith("+") || text.startsWith("0")) ? "phone" : "integer";
  }
  if (/^[+-]?\d{1,3}(?:,\d{3})+$/.test(text)) return "integer";
  if (/^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?[.,]\d+(?:e[+-]?\d+)?$/.test(text)) return "decimal";
  if (/^[+-]?[\d.,]+ ?%$/.test(text)) return "percent";
  if (onlyTime.test(text)) return "time";
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return "ip";
  if (datePattern.test(text)) return timePattern.test(text) ? "datetime" : "date";
  if (moneyPattern.test(text)) return "money";
  if (/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/.test(text)) return "uuid";
  if (/^[\d.,]+ ?[/:~] ?[\d.,]+$/.test(text)) return "ratio";
  if (/^\(?[\d+][\d\s().+-]*(?:x\d+)?$/.test(text) && phonePattern.test(text.replace(/^\(/, ""))) return "phone";
  if (/^[^\d\s]{0,2}[\d.,]+\s?[^\d\s]{1,6}(?:\s?[\d.,]+\s?[^\d\s]{1,6})?$/.test(text)) {
    return /^[a-z]{1,2}\d|\d[a-z]+\d/.test(text) ? "code" : "measure";
  }
  return undefined;
}

function kindOfText(text: string, hasDigit: boolean): ValueKind {
  const isSpaced = /\s/.test(text);
  if (hasDigit && !isSpaced && text.length <= 40 && /^[\x21-\x7e]+$/.test(text)) return "code";
  // an ideograph says about as much as a third of a word of letters
  const ideographs = text.match(/[\u3040-\u9fff\uac00-\ud7a3]/g)?.length ?? 0;
  const words = ideographs / 2.5 + (text.match(/[^\s\u3040-\u9fff\uac00-\ud7a3]+/g)?.length ?? 0);
  if (words <= 1.3) return "word";
  if (words <= 4.5) return "phrase";
  return words <= 30 ? "sentence" : "paragraph";
}

const scales: Readonly<Record<string, number>> = {
  k: 1e3,
  m: 1e6,
  "\u5343": 1e3,
  "\u842c": 1e4,
  "\u4e07": 1e4,
  "\u5104": 1e8,
  "\u4ebf": 1e8,
};

/** The leading number of a written value, with thousands marks and k/m or Chinese scales; NaN when there is none. */
export function readNumber(text: string): number {
  const found = /^[^\d-]{0,4}(-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s?([km\u5343\u842c\u4e07\u5104\u4ebf](?![a-z]))?/
    .exec(text);
  if (found === null) return NaN;
  const value = Number((found[1] as string).replaceAll(",", ""));
  return value * (found[2] === undefined ? 1 : scales[found[2]] ?? 1);
}

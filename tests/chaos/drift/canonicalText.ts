/**
 * One text for all ways to write a value of a type (as DDL names it), so that what was sent and what is stored are compared letter by letter.
 * Nothing of the code under test is used here.
 */
export function canonicalText(type: string, text: string): string {
  if (/^(?:smallint|integer|bigint|numeric|double precision)/.test(type) && !type.endsWith("[]")) {
    return canonicalDecimal(text);
  }
  if (type === "timestamptz") return new Date(text.replace(/\+00$/, "Z")).toISOString();
  if (type === "timestamp") {
    return new Date(`${text.replace(" ", "T").replace(/Z$/, "")}Z`).toISOString().slice(0, -1);
  }
  if (type === "jsonb" || type.endsWith("[]")) return stableJson(JSON.parse(text));
  return type === "uuid" ? text.toLowerCase() : text;
}

/** A decimal without exponent, plus sign, leading and trailing zeros; what is none stays as it is. */
export function canonicalDecimal(text: string): string {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text.trim());
  if (match === null || match[2] + match[3]! === "") return text;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  const padded = digits.padStart(digits.length + Math.max(0, -point), "0").padEnd(point, "0");
  const at = Math.max(point, 0);
  const left = padded.slice(0, at).replace(/^0+(?=\d)/, "") || "0";
  const right = padded.slice(at).replace(/0+$/, "");
  const plain = right === "" ? left : `${left}.${right}`;
  return sign === "-" && plain !== "0" ? `-${plain}` : plain;
}

/** JSON text with the keys of objects in order. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([one], [other]) => one < other ? -1 : 1));
  });
}

/** JSON text as jsonb gives it back: spaced, with the keys of objects in its own order. */
export function spacedJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(spacedJson).join(", ")}]`;
  const members = Object.entries(value)
    .sort(([one], [other]) => one.length - other.length || (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}: ${spacedJson(member)}`);
  return `{${members.join(", ")}}`;
}

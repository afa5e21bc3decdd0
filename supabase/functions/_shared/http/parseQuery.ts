/** Text in which nothing is encoded: the runtime's parser costs a microsecond, which a query like `id=42` need not. */
const plain = /^[\w.~:,/=&-]*$/;

/**
 * The query as an object of strings; a key that comes more than once becomes an array. Schemas that want numbers or
 * booleans say so with `z.coerce.number()` and `z.stringbool()`: nothing is guessed from how a value looks.
 */
export function parseQuery(url: string): Record<string, string | string[]> {
  // Without a prototype, a key named "__proto__" is a key like any other.
  const query: Record<string, string | string[]> = Object.create(null);
  const start = url.indexOf("?");
  if (start === -1) return query;
  const end = url.indexOf("#", start);
  const text = url.slice(start + 1, end === -1 ? undefined : end);
  if (!plain.test(text)) {
    for (const [name, value] of new URLSearchParams(`?${text}`)) add(query, name, value);
    return query;
  }
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    if (at === -1) add(query, pair, "");
    else add(query, pair.slice(0, at), pair.slice(at + 1));
  }
  return query;
}

function add(query: Record<string, string | string[]>, name: string, value: string): void {
  const known = query[name];
  if (known === undefined) query[name] = value;
  else if (Array.isArray(known)) known.push(value);
  else query[name] = [known, value];
}

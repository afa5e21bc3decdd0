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
  for (const [name, value] of new URLSearchParams(end === -1 ? url.slice(start) : url.slice(start, end))) {
    const known = query[name];
    if (known === undefined) query[name] = value;
    else if (Array.isArray(known)) known.push(value);
    else query[name] = [known, value];
  }
  return query;
}

const mostNodes = 10_000;
const bytesOfObject = 32;

/** About how much memory a value takes. A value of very many parts is estimated by the first ten thousand of them. */
export function roughBytes(value: unknown): number {
  let bytes = 0;
  let nodes = 0;
  const open: unknown[] = [value];
  const seen = new Set<object>();
  while (open.length > 0 && nodes < mostNodes) {
    const one = open.pop();
    nodes++;
    bytes += 8;
    if (typeof one === "string") bytes += one.length * 2;
    if (typeof one !== "object" || one === null || seen.has(one)) continue;
    seen.add(one);
    bytes += bytesOfObject;
    if (ArrayBuffer.isView(one)) bytes += one.byteLength;
    else if (one instanceof Map) { for (const pair of one) open.push(pair[0], pair[1]); }
    else if (one instanceof Set || Array.isArray(one)) { for (const part of one) open.push(part); }
    else for (const [name, part] of Object.entries(one)) open.push(part), bytes += name.length;
  }
  // What is left open weighs as much as what was looked at, part for part.
  return open.length === 0 ? bytes : Math.round(bytes * (nodes + open.length) / nodes);
}

/** The most dimensions that a Postgres array has. */
const mostDimensions = 6;

/**
 * The lengths of a list's dimensions; undefined where Postgres would not keep the shape: ragged lists, empty ones inside
 * others, holes.
 */
export function listShape(list: readonly unknown[], dimension = 1): readonly number[] | undefined {
  if (dimension > mostDimensions) return undefined;
  if (Object.keys(list).length !== list.length) return undefined;
  const isNested = list.map((member) => Array.isArray(member));
  if (!isNested.includes(true)) return [list.length];
  if (isNested.includes(false)) return undefined;
  const shapes = (list as readonly (readonly unknown[])[]).map((inner) => listShape(inner, dimension + 1));
  const [first] = shapes;
  if (first === undefined || first.includes(0)) return undefined;
  const isEven = shapes.every((shape) =>
    shape?.length === first.length && shape.every((length, at) => length === first[at])
  );
  return isEven ? [list.length, ...first] : undefined;
}

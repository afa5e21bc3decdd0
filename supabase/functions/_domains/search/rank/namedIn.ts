/** Makes a test of whether a trait is named in `query`. */
export function namedIn(query: string): (trait: string) => boolean {
  const words = ` ${query.toLowerCase().replaceAll(/[^a-z0-9]+/g, " ").trim()} `;
  return (trait) => {
    const name = trait.slice(trait.indexOf(":") + 1).replaceAll("-", " ");
    return words.includes(` ${name} `) || words.includes(` ${name}s `);
  };
}

import { columnCatalog } from "../../../bench/matcher/columnCatalog.ts";
import { wordBank } from "../../../bench/matcher/wordBank.ts";
import { nearNames } from "./names.ts";
import { allNames, type Scene, type SceneColumn } from "./scene.ts";

/**
 * A new name for a column: a synonym, the old one with a word more or in another order, or one that has nothing to do with
 * it. It comes near to no name that the table has or had.
 */
export function newColumnName(scene: Scene, { name, sort }: Pick<SceneColumn, "name" | "sort">): string {
  const { draw } = scene;
  const words = name.split("_");
  const synonyms = columnCatalog.filter(({ make }) => make === sort)
    .flatMap(({ names }) => names.en).map((synonym) => synonym.replaceAll(/[ -]/g, "_"));
  const others = () => {
    switch (draw.int(0, 4)) {
      case 0:
        return synonyms.length > 0 ? draw.pick(synonyms) : words.toReversed().join("_");
      case 1:
        return `${name}_${draw.pick(["value", "text", "new", "main", "v2", "raw"])}`;
      case 2:
        return `${draw.pick(["order", "client", "current", "official", "legal"])}_${name}`;
      case 3:
        return words.toReversed().join("_");
      default:
        return `${draw.pick(wordBank.en.nouns)}_${draw.pick(wordBank.en.nouns)}`;
    }
  };
  for (let tries = 0; tries < 20; tries++) {
    const made = others();
    if (nearNames(made, allNames(scene), 2).length === 0) return made;
  }
  return `${draw.pick(wordBank.en.nouns)}_${draw.pick(wordBank.en.adjectives)}_${draw.int(10, 99)}`;
}

const mostTags = 16;
const longestTag = 200;

/** Throws where there are too many tags, or one that the database would not take. */
export function checkTags(tags: readonly string[]): readonly string[] {
  if (tags.length === 0) return tags;
  if (tags.length > mostTags) {
    throw new RangeError(`Cannot tag what is cached as ${mostTags} tags are allowed: there are ${tags.length}`);
  }
  for (const tag of tags) {
    if (tag.length < 1 || tag.length > longestTag || tag.includes("\u0000")) {
      throw new RangeError(
        `Cannot use a tag as it must have 1 to ${longestTag} characters and no NUL: it has ${tag.length}`,
      );
    }
  }
  return tags;
}

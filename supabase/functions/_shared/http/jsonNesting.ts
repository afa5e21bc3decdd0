/**
 * Is `text` nested deeper than `limit` anywhere? Counted on the text, before parsing: one pass of about 1 ns a
 * character, no recursion. A value nested a hundred thousand deep parses, but the first recursive walk over it, ours or
 * a use case's, runs out of stack.
 */
export function isNestedDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 0x22: // a string: skipped to its closing quote
        for (index++; index < text.length; index++) {
          const unit = text.charCodeAt(index);
          if (unit === 0x5c) index++;
          else if (unit === 0x22) break;
        }
        break;
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > limit) return true;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
    }
  }
  return false;
}

const betweenDigits = /(?<=\p{N})[\s_-]+(?=\p{N})/gu;
const betweenWords = /(?<=\p{L})[\s_-]+(?=[\p{L}\p{N}])|(?<=\p{N})[\s_-]+(?=\p{L})/gu;

/**
 * What all spellings of a name have in common: `userID`, `UserId`, `user-id`, `USER_ID`, `user id` and `userid` are one.
 * Separators at the ends and between digits stay: `_id` is not `id`, `A-` not `A`, and `line_1_2` not `line_12`.
 */
export function conventionKey(name: string): string {
  return name.normalize("NFC").toLowerCase().replace(betweenDigits, "_").replace(betweenWords, "");
}

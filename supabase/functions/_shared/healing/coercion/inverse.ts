/**
 * What it takes to get the value as it was sent out of the value that was stored: plain JSON, kept with the heal. Where
 * `text` is left out, the stored value's own text is enough, so that one note serves every row of a pattern.
 */
export type Inverse =
  | { readonly from: "null" }
  /** Stored as it was sent. */
  | { readonly from: "same" }
  | { readonly from: "string"; readonly text?: string }
  | { readonly from: "number"; readonly text?: string }
  | { readonly from: "bigint"; readonly text?: string }
  | { readonly from: "boolean"; readonly isTrue: boolean }
  | { readonly from: "date"; readonly ms: number }
  /** A Uint8Array, stored as bytea. */
  | { readonly from: "bytes" }
  /** What `JSON.stringify` makes of a Node Buffer, stored as bytea. */
  | { readonly from: "bufferJson" }
  /** An object or a list, stored as its JSON text. */
  | { readonly from: "jsonText" }
  /** A list, member by member; `each` where one note is good for all. */
  | { readonly from: "list"; readonly each: Inverse }
  | { readonly from: "list"; readonly members: readonly Inverse[] }
  /** A single value, stored as a list's only member. */
  | { readonly from: "onlyMember"; readonly of: Inverse }
  /** A list of one, stored as its member. */
  | { readonly from: "listOfOne"; readonly of: Inverse };

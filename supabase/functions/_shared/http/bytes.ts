/**
 * Bytes that an answer can be made of: `Uint8Array<ArrayBuffer>`, spelt so that TypeScript 5.6, whose Uint8Array takes no
 * parameter, reads it too.
 */
export type Bytes = ReturnType<TextEncoder["encode"]>;

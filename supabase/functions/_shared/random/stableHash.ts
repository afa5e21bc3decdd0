/** FNV-1a with a final avalanche over UTF-16 code units: the same text gives the same 32-bit number on every machine. */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The place of `subject` in the roll-out `salt`, from 0 up to and without 1: sticky, and spread evenly over subjects. */
export function stableFraction(salt: string, subject: string): number {
  return stableHash(`${salt}\u0000${subject}`) / 4_294_967_296;
}

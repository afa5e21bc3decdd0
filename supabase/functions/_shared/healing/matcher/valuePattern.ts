const longestPattern = 12;

/** A hash of a value's writing: runs of digits, letters and ideographs become one sign, other signs stay. */
export function patternOf(text: string): number {
  let hash = 7;
  let last = -1;
  let runs = 0;
  for (let at = 0; at < text.length && runs < longestPattern; at++) {
    const sign = signOf(text.charCodeAt(at));
    if (sign === last) continue;
    last = sign;
    runs++;
    hash = (Math.imul(hash, 31) + sign) | 0;
  }
  return hash;
}

function signOf(code: number): number {
  if (code >= 48 && code <= 57) return 48;
  if ((code >= 97 && code <= 122) || (code >= 192 && code < 0x250)) return 97;
  if (code >= 65 && code <= 90) return 65;
  return code >= 0x3040 && code <= 0xd7a3 ? 0x4e00 : code;
}

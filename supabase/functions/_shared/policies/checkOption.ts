type Options = Readonly<Record<string, number>>;

/** Throws unless each of the options is a whole number from `least`. `action` is what cannot be done otherwise. */
export function checkWhole(action: string, options: Options, least: number): void {
  check(action, options, `a whole number from ${least}`, (value) => Number.isSafeInteger(value) && value >= least);
}

/** Throws unless each of the options is a number from `least`; Infinity is none. */
export function checkNumber(action: string, options: Options, least: number): void {
  check(action, options, `a number from ${least}`, (value) => Number.isFinite(value) && value >= least);
}

/** Throws unless each of the options is a share. */
export function checkShare(action: string, options: Options): void {
  check(action, options, "a number from 0 to 1", (value) => value >= 0 && value <= 1);
}

function check(action: string, options: Options, wanted: string, isFit: (value: number) => boolean): void {
  for (const [name, value] of Object.entries(options)) {
    if (!isFit(value)) {
      throw new RangeError(`Cannot ${action} as '${name}' must be ${wanted}: current value is ${String(value)}`);
    }
  }
}

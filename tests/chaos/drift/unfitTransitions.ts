import type { Draw } from "../../../bench/matcher/drawFrom.ts";
import { wordBank } from "../../../bench/matcher/wordBank.ts";
import { makeMoment, makeUuid } from "./makeValue.ts";
import type { OldForm } from "./typeTransitions.ts";

/** A change of type, or none where both are the same, and a value that it cannot hold without loss. */
export interface UnfitTransition {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly using: string;
  /** Would Postgres take the value, and lose something of it, without an error? Then only a heal of its key can be judged. */
  readonly isSilent: boolean;
  readonly make: (draw: Draw) => OldForm;
  /** For rows that fit. */
  readonly makeSeed: (draw: Draw) => OldForm;
}

const word = (draw: Draw) => draw.pick(wordBank.en.nouns);
const digits = (draw: Draw) => ({ sent: String(draw.int(1, 999)) });

const unfit = (
  name: string,
  [from, to]: readonly [string, string],
  make: (draw: Draw) => unknown,
  makeSeed: (draw: Draw) => OldForm,
  options: { using?: string; isSilent?: boolean } = {},
): UnfitTransition => ({
  name,
  from,
  to,
  using: options.using ?? `x::${to}`,
  isSilent: options.isSilent ?? false,
  make: (draw) => ({ sent: make(draw) }),
  makeSeed,
});

/** What must never be cut, rounded, or made null. */
export const unfitTransitions: readonly UnfitTransition[] = [
  unfit("text in an integer", ["text", "integer"], (draw) => `${draw.int(1, 9)} ${word(draw)}s`, digits),
  unfit("ambiguous number", ["text", "numeric(12,2)"], (draw) => `${draw.int(1, 9)},${draw.int(100, 999)}`, digits),
  unfit("fraction in an integer", ["text", "integer"], (draw) => `${draw.int(1, 99)}.5`, digits),
  unfit("fraction in an integer", ["numeric(12,2)", "integer"], (draw) => draw.int(1, 99) + 0.25, (draw) => ({
    sent: draw.int(1, 99),
  })),
  unfit(
    "out of range",
    ["integer", "smallint"],
    (draw) => draw.int(40_000, 900_000),
    (draw) => ({ sent: draw.int(1, 99) }),
  ),
  unfit("out of range", ["text", "integer"], (draw) => `${draw.int(3, 9)}000000000`, digits),
  unfit("out of range", ["numeric(12,2)", "numeric(6,2)"], (draw) => draw.int(10_000, 900_000), (draw) => ({
    sent: draw.int(1, 99),
  })),
  unfit("too long", ["text", "varchar(8)"], (draw) => `${word(draw)} and ${word(draw)}`, (draw) => ({
    sent: word(draw).slice(0, 8),
  })),
  unfit(
    "too long",
    ["varchar(30)", "varchar(30)"],
    (draw) => `${word(draw)} `.repeat(9),
    (draw) => ({ sent: word(draw) }),
  ),
  unfit("no day", ["text", "date"], (draw) => `next ${word(draw)}`, (draw) => ({
    sent: makeMoment(draw).toISOString().slice(0, 10),
  })),
  unfit("no day", ["date", "date"], (draw) => `2023-02-${draw.int(30, 31)}`, (draw) => ({
    sent: makeMoment(draw).toISOString().slice(0, 10),
  })),
  unfit(
    "no uuid",
    ["text", "uuid"],
    (draw) => `${word(draw)}-${draw.int(1, 999)}`,
    (draw) => ({ sent: makeUuid(draw) }),
  ),
  unfit("no boolean", ["text", "boolean"], (draw) => draw.pick(["maybe", "unknown", "2"]), () => ({ sent: "true" })),
  unfit("object in a number", ["integer", "integer"], (draw) => ({ amount: draw.int(1, 9) }), (draw) => ({
    sent: draw.int(1, 99),
  })),
  unfit("would be rounded", ["numeric(12,2)", "numeric(12,1)"], (draw) => draw.int(1, 99) + 0.25, (draw) => ({
    sent: draw.int(1, 99),
  }), { isSilent: true }),
  unfit("time of day would be lost", ["timestamptz", "date"], (draw) => makeMoment(draw).toISOString(), (draw) => {
    const day = makeMoment(draw).toISOString().slice(0, 10);
    return { sent: `${day}T00:00:00Z`, holds: [day] };
  }, { using: "(x at time zone 'UTC')::date", isSilent: true }),
  unfit(
    "offset would be lost",
    ["timestamptz", "timestamp"],
    (draw) => makeMoment(draw).toISOString().replace("Z", "+02:00"),
    (draw) => ({ sent: makeMoment(draw).toISOString() }),
    {
      using: "x at time zone 'UTC'",
      isSilent: true,
    },
  ),
];

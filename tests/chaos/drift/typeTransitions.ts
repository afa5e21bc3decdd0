import type { Draw } from "../../../bench/matcher/drawFrom.ts";
import { wordBank } from "../../../bench/matcher/wordBank.ts";
import { stableJson } from "./canonicalText.ts";
import { makeMoment, makeUuid } from "./makeValue.ts";

/** A value in the old form, with the canonical text that the new type has for it where that is not plain. */
export interface OldForm {
  readonly sent: unknown;
  readonly holds?: readonly string[];
}

/** A column's type that changes by DDL, and what applications that have not heard of it go on sending. */
export interface TypeTransition {
  readonly from: string;
  readonly to: string;
  /** What `using` makes of the old value `x`. */
  readonly using: string;
  /** Does Postgres refuse the old form? */
  readonly isRefused: boolean;
  readonly make: (draw: Draw) => OldForm;
  /** For the rows that are there before, where another form is needed. */
  readonly makeSeed?: (draw: Draw) => OldForm;
}

const date = (draw: Draw) => makeMoment(draw).toISOString().slice(0, 10);
const decimal = (draw: Draw) => `${draw.int(1, 9_999)}.${draw.int(0, 9)}${draw.int(1, 9)}`;
const grouped = (draw: Draw) => `${draw.int(1, 9)},${draw.int(100, 999)}.${draw.int(0, 9)}${draw.int(1, 9)}`;
const word = (draw: Draw) => draw.pick(wordBank.en.nouns);

const plain = (from: string, to: string, make: (draw: Draw) => unknown, using = `x::${to}`): TypeTransition => ({
  from,
  to,
  using,
  isRefused: false,
  make: (draw) => ({ sent: make(draw) }),
});

const refused = (
  from: string,
  to: string,
  make: (draw: Draw) => OldForm,
  makeSeed?: (draw: Draw) => OldForm,
  using = `x::${to}`,
): TypeTransition => ({ from, to, using, isRefused: true, make, ...(makeSeed === undefined ? {} : { makeSeed }) });

const ungrouped = (sent: string): OldForm => ({ sent, holds: [String(Number(sent.replaceAll(",", "")))] });

/** Changes of type under which every old value keeps its meaning. */
export const typeTransitions: readonly TypeTransition[] = [
  plain("smallint", "integer", (draw) => draw.int(0, 30_000)),
  plain("integer", "bigint", (draw) => draw.int(0, 2_000_000_000)),
  plain("integer", "numeric(12,2)", (draw) => draw.int(0, 1_000_000)),
  plain("integer", "text", (draw) => draw.int(0, 1_000_000)),
  plain("bigint", "text", (draw) => draw.int(0, 9_000_000_000)),
  plain("boolean", "text", (draw) => draw.chance(0.5)),
  plain("numeric(12,2)", "double precision", (draw) => Number(decimal(draw))),
  plain("numeric(12,2)", "numeric(16,4)", (draw) => Number(decimal(draw))),
  plain("numeric(10,2)", "text", (draw) => Number(decimal(draw))),
  plain("text", "varchar(60)", (draw) => `${word(draw)} ${word(draw)}`),
  {
    ...plain("varchar(30)", "varchar(120)", (draw) => `${word(draw)} ${word(draw)} `.repeat(draw.int(1, 5)).trim()),
    makeSeed: (draw) => ({ sent: word(draw) }),
  },
  plain("text", "integer", (draw) => String(draw.int(1, 900_000))),
  plain("text", "numeric(12,2)", decimal),
  plain("text", "date", date),
  plain("text", "uuid", makeUuid),
  plain("uuid", "text", makeUuid),
  plain("timestamp", "timestamptz", (draw) => makeMoment(draw).toISOString(), "x at time zone 'UTC'"),
  plain("timestamptz", "timestamp", (draw) => makeMoment(draw).toISOString(), "x at time zone 'UTC'"),
  {
    ...plain("timestamptz", "date", date, "(x at time zone 'UTC')::date"),
    make: (draw) => {
      const day = date(draw);
      return { sent: `${day}T00:00:00.000Z`, holds: [day] };
    },
  },
  plain("text", "jsonb", (draw) => `${word(draw)} ${word(draw)}`, "to_jsonb(x)"),
  plain("text", "jsonb", (draw) => JSON.stringify({ [word(draw)]: draw.int(1, 99) }), "x::jsonb"),
  plain("text[]", "jsonb", (draw) => [word(draw), word(draw)], "to_jsonb(x)"),
  {
    ...plain("jsonb", "text", (draw) => ({ [word(draw)]: draw.int(1, 99) })),
    makeSeed: (draw) => {
      const [key, number] = [word(draw), draw.int(1, 99)];
      return { sent: { [key]: number }, holds: [`{"${key}": ${number}}`] };
    },
  },
  refused(
    "text",
    "integer",
    (draw) => ungrouped(`${draw.int(1, 9)},${draw.int(100, 999)},${draw.int(100, 999)}`),
    (draw) => ({ sent: String(draw.int(1, 999)) }),
  ),
  refused(
    "text",
    "integer",
    (draw) => ungrouped(`${draw.int(1, 9_999)}.00`),
    (draw) => ({ sent: String(draw.int(1, 999)) }),
  ),
  refused("text", "numeric(12,2)", (draw) => ungrouped(grouped(draw)), (draw) => ({ sent: decimal(draw) })),
  refused("text", "bigint", (draw) => ungrouped(`${draw.int(1, 9)}e${draw.int(3, 9)}`), (draw) => ({
    sent: String(draw.int(1, 999)),
  })),
  refused("numeric(12,2)", "integer", (draw) => ungrouped(`${draw.int(1, 9_999)}.00`), (draw) => ({
    sent: draw.int(1, 9_999),
  })),
  refused(
    "boolean",
    "integer",
    (draw) => {
      const sent = draw.chance(0.5);
      return { sent, holds: [sent ? "1" : "0"] };
    },
    undefined,
    "x::integer",
  ),
  refused(
    "bigint",
    "timestamptz",
    (draw) => {
      const moment = makeMoment(draw);
      return { sent: moment.getTime(), holds: [moment.toISOString()] };
    },
    undefined,
    "to_timestamp(x / 1000.0)",
  ),
  refused(
    "integer",
    "timestamptz",
    (draw) => {
      const seconds = Math.floor(makeMoment(draw).getTime() / 1_000);
      return { sent: seconds, holds: [new Date(seconds * 1_000).toISOString()] };
    },
    undefined,
    "to_timestamp(x)",
  ),
  refused(
    "text",
    "text[]",
    (draw) => {
      const sent = word(draw);
      return { sent, holds: [stableJson([sent])] };
    },
    undefined,
    "array[x]",
  ),
  refused(
    "integer",
    "integer[]",
    (draw) => {
      const sent = draw.int(1, 999);
      return { sent, holds: [stableJson([sent])] };
    },
    undefined,
    "array[x]",
  ),
  refused("text", "uuid", (draw) => {
    const sent = makeUuid(draw);
    return { sent: `urn:uuid:${sent}`, holds: [sent] };
  }, (draw) => ({ sent: makeUuid(draw) })),
];

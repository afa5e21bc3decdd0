import type postgres from "postgres";
import { readArray } from "./arrayText.ts";

/** Members that are read as something else than their text, by the oids of their array types. */
const memberParsers: { readonly oids: readonly number[]; readonly parse: (member: string) => unknown }[] = [
  // text, varchar, bpchar, name, char, uuid, int8, numeric, time, timetz, interval, inet, cidr, citext has no fixed oid
  { oids: [1009, 1015, 1014, 1003, 1002, 2951, 1016, 1231, 1183, 1270, 1187, 1041, 651], parse: (member) => member },
  { oids: [1005, 1007, 1028, 1021, 1022], parse: Number }, // int2, int4, oid, float4, float8
  { oids: [1000], parse: (member) => member === "t" },
  { oids: [1115, 1182, 1185], parse: (member) => new Date(member) }, // timestamp, date, timestamptz
  { oids: [199, 3807], parse: (member) => JSON.parse(member) }, // json, jsonb
];

/**
 * The array types of Postgres itself, by their fixed oids. The driver asks the catalog for them on each new connection,
 * and was seen to send or read the first statement before it had the answer. (Its `fetch_types: false` is no way out:
 * with it `reserve()` never resolves on a fresh connection.)
 */
export const arrayTypes: Record<string, postgres.PostgresType> = Object.fromEntries(
  memberParsers.map(({ oids, parse }) => [
    `array${oids[0]}`,
    { to: oids[0]!, from: [...oids], serialize: String, parse: (text: string) => readArray(text, parse) },
  ]),
);

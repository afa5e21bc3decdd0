import { expectCoercions } from "./testing/expectCoercions.ts";

const noon = new Date("2026-01-31T12:00:00.250Z");
const midnight = new Date("2026-01-31T00:00:00Z");

Deno.test("dates: a day, or its first moment in UTC", () => {
  expectCoercions("date", {
    fits: [
      ["2026-01-31", "2026-01-31"],
      ["20260131", "2026-01-31"],
      ["2026/1/31", "2026-01-31"],
      ["2026-01-31T00:00:00.000Z", "2026-01-31"],
      ["2026-01-31 00:00:00", "2026-01-31"],
      [midnight, "2026-01-31"],
    ],
    refused: [
      [noon, "time_would_be_lost"],
      ["2026-01-31T00:00:00.5Z", "time_would_be_lost"],
      ["2026-01-31T10:00", "time_would_be_lost"],
      ["2026-01-31T00:00:00+02:00", "zone_would_be_lost"],
      ["31/01/2026", "ambiguous_time"],
      ["2026-02-30", "not_a_time"],
      ["0000-01-01", "not_a_time"],
      ["today", "not_a_time"],
      ["infinity", "not_a_time"],
      ["12:00", "not_a_time"],
      [1_700_000_000, "ambiguous_time"],
      [new Date(8.64e15), "out_of_range"],
      [new Date(NaN), "not_a_time"],
    ],
  });
});

Deno.test("timestamps: a zone is neither lost nor made up", () => {
  expectCoercions("timestamp with time zone", {
    fits: [
      ["2026-01-31T10:30:00Z", "2026-01-31T10:30:00Z"],
      ["2026-01-31 10:30+02", "2026-01-31T10:30:00+02:00"],
      ["20260131t103000,123450-0530", "2026-01-31T10:30:00.12345-05:30"],
      ["2026-01-31 10:30:00 UTC", "2026-01-31T10:30:00Z"],
      ["2026-01-31T10:30:00+00:00", "2026-01-31T10:30:00Z"],
      [noon, "2026-01-31T12:00:00.25Z"],
      [1_700_000_000, "2023-11-14T22:13:20Z"],
      [1_700_000_000.25, "2023-11-14T22:13:20.25Z"],
      [1_700_000_000_123, "2023-11-14T22:13:20.123Z"],
      [1_700_000_000_123n, "2023-11-14T22:13:20.123Z"],
    ],
    refused: [
      ["2026-01-31T10:30:00", "zone_missing"],
      ["2026-01-31", "zone_missing"],
      ["2026-01-31T10:30:00 Europe/Paris", "not_a_time"],
      ["2026-01-31T10:30:00 EST", "not_a_time"],
      ["2026-01-31T10:30:00+16:00", "not_a_time"],
      ["2026-01-31T24:00:00Z", "not_a_time"],
      ["2026-01-31T23:59:60Z", "not_a_time"],
      ["2026-01-31T10:30:00.1234567Z", "would_round"],
      ["now", "not_a_time"],
      ["1700000000", "ambiguous_time"],
      [2_031_123_123, "ambiguous_time"],
      [1_700, "ambiguous_time"],
      [17_000_000_000, "ambiguous_time"],
      [-1_700_000_000, "ambiguous_time"],
      [true, "unsupported_value"],
    ],
  });
  expectCoercions("timestamp(2) without time zone", {
    fits: [
      ["2026-01-31T10:30:00.12", "2026-01-31T10:30:00.12"],
      ["2026-01-31T10:30:00Z", "2026-01-31T10:30:00"],
      ["2026-01-31", "2026-01-31T00:00:00"],
      [noon, "2026-01-31T12:00:00.25"],
    ],
    refused: [["2026-01-31T10:30:00+01:00", "zone_would_be_lost"], [new Date(1), "would_round"]],
  });
});

Deno.test("times of day: as timestamps, but out of a text alone", () => {
  expectCoercions("time without time zone", {
    fits: [["9:30", "09:30:00"], ["23:59:59.5", "23:59:59.5"], ["10:00Z", "10:00:00"]],
    refused: [
      ["10:00+02", "zone_would_be_lost"],
      [noon, "date_would_be_lost"],
      ["2026-01-31T10:00", "date_would_be_lost"],
      ["2026-01-31", "not_a_time"],
      [930, "unsupported_value"],
    ],
  });
  expectCoercions("time(0) with time zone", {
    fits: [["10:00+02", "10:00:00+02:00"]],
    refused: [["10:00", "zone_missing"], ["10:00:00.5Z", "would_round"]],
  });
});

Deno.test("intervals: whole parts", () => {
  expectCoercions("interval", {
    fits: [
      ["P1Y2M3DT4H5M6.5S", "P1Y2M3DT4H5M6.5S"],
      ["P2W", "P0Y0M14DT0H0M0S"],
      ["90 minutes", "P0Y0M0DT0H90M0S"],
      ["1 day 02:30:00", "P0Y0M1DT2H30M0S"],
      ["1 year 2 mons", "P1Y2M0DT0H0M0S"],
    ],
    refused: [
      ["", "not_an_interval"],
      ["P", "not_an_interval"],
      ["PT", "not_an_interval"],
      ["1.5 months", "not_an_interval"],
      ["5 m", "not_an_interval"],
      ["PT0.1234567S", "would_round"],
      ["P9999999Y", "out_of_range"],
      [90, "unsupported_value"],
    ],
  });
  expectCoercions("interval(0)", { refused: [["PT0.5S", "would_round"]] });
});

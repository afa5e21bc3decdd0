import type { Alert, AlertNotice } from "../alert.ts";

/** An alert as a test wants it. */
export function noticeFixture(alert: Partial<Alert> = {}, notice: Partial<AlertNotice> = {}): AlertNotice {
  return {
    id: "6a1f0e5e-7c5b-4b8e-9d86-0d5f3f1f2a10",
    kind: "raised",
    at: "2026-11-26T08:00:00.000Z",
    ...notice,
    alert: {
      id: "1c9f3a52-2d5d-4e0a-8a55-3f3f7f6f9b21",
      key: "circuit_open:maps",
      episode: 1,
      severity: "error",
      title: 'Circuit "maps" has not been closed for 12 minutes',
      detail: { minutes: 12 },
      ref: "circuit:maps:7",
      state: "open",
      isFlapping: false,
      occurrences: 3,
      firstRaisedAt: "2026-11-26T07:50:00.000Z",
      lastRaisedAt: "2026-11-26T08:00:00.000Z",
      acknowledgedAt: null,
      acknowledgedBy: null,
      resolvedAt: null,
      resolvedBy: null,
      note: null,
      ...alert,
    },
  };
}

import * as z from "zod";
import { alertSeverities, alertStates, noticeKinds } from "../../../_shared/alerts/alert.ts";

/** How bad it is. */
export const severity = z.enum(alertSeverities);

const moment = z.iso.datetime();

/** An alert in full. */
export const fullAlert = z.object({
  id: z.uuid(),
  key: z.string(),
  episode: z.number(),
  severity,
  title: z.string(),
  detail: z.record(z.string(), z.unknown()),
  ref: z.string().nullable(),
  state: z.enum(alertStates),
  isFlapping: z.boolean(),
  occurrences: z.number(),
  firstRaisedAt: moment,
  lastRaisedAt: moment,
  acknowledgedAt: moment.nullable(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: moment.nullable(),
  resolvedBy: z.string().nullable(),
  note: z.string().nullable(),
});

/** What was told of an alert, to whom. */
export const fullDelivery = z.object({
  id: z.uuid(),
  kind: z.enum(noticeKinds),
  sink: z.string(),
  state: z.enum(["pending", "delivered", "given_up"]),
  attempts: z.number(),
  createdAt: moment,
  /** When it is tried next, or when it ended. */
  at: moment,
  code: z.string().nullable(),
});

/** A silence as it stands. */
export const fullSilence = z.object({
  id: z.uuid(),
  prefix: z.string(),
  maxSeverity: severity,
  fromAt: moment,
  untilAt: moment,
  createdBy: z.string(),
  reason: z.string(),
});

/** How a sink does. */
export const fullSink = z.object({
  name: z.string(),
  isConfigured: z.boolean(),
  /** Why it cannot be used as it is configured. */
  problem: z.string().nullable(),
  disabledAt: moment.nullable(),
  disabledReason: z.string().nullable(),
  lastDeliveredAt: moment.nullable(),
  lastFailedAt: moment.nullable(),
  lastErrorCode: z.string().nullable(),
  pending: z.number(),
});

import * as z from "zod";
import { plainText } from "../track/plainText.ts";
import { signals } from "../track/signals.ts";

/** All that weighs: what clients send, and what is found out afterwards. */
export const weighed = z.enum([...signals, "viewed_often"]);

/** Whose weights: a vendor's for its own products. @default the market's, for the secret key */
export const vendorId = z.guid().optional();

/** Changes of weights, by signal; null goes back to the default. */
export const weightChanges = z.partialRecord(weighed, z.number().min(-2).max(2).nullable());

/** A version the caller has seen; 0 where there was none. */
export const version = z.number().int().min(0).max(2_147_483_647);

/** Why a change is made. */
export const note = plainText(500);

/** Weights by signal. */
export const weights = z.record(z.string(), z.number());

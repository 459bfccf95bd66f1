import * as z from 'zod';
import { isJsonObject } from '../core/json';
import { microsPerCredit } from '../core/price';
import type { Charge, RefusalReason } from '../core/provider';
import { isModeration } from './bfl-status';
import type { VendorAnswer } from './vendor-call';

/** What an answer to a purchase says of the task that was accepted. */
export interface AcceptedTask {
  readonly id: string;
  /** As the vendor gave it, which is no reason to follow it. */
  readonly pollingUrl: string | null;
  readonly charge: Charge;
}

/** Reads the answer to a purchase; null when it does not name a task. */
export function acceptedTask({ json }: VendorAnswer): AcceptedTask | null {
  const result = acceptedSchema.safeParse(json);
  if (!result.success) return null;
  const { id, task_id, polling_url, cost } = result.data;
  const name = id ?? task_id ?? '';
  return name === '' ? null : { id: name, pollingUrl: polling_url, charge: chargeOf(cost) };
}

/** The vendor's words in an error: FastAPI's `detail`, or an error object; null when it is in no shape of theirs. */
export function vendorMessage(json: unknown): string | null {
  if (!isJsonObject(json)) return null;
  const { detail, error, message, code, status } = json;
  if (Array.isArray(detail)) return detail.slice(0, 3).map(issueText).join('; ');
  const isOwnMessage = code !== undefined || error !== undefined;
  const nested = isJsonObject(error) ? error.message : error;
  const words = [detail, isJsonObject(error) ? nested : null, isOwnMessage ? message : null, nested];
  return words.find((text) => typeof text === 'string') ?? (isModeration(status) ? status : null);
}

/** Why the vendor refused, where its HTTP status says something else. */
export function refusalOf({ status, json }: VendorAnswer): RefusalReason | null {
  if (!isJsonObject(json)) return null;
  if (isModeration(json.status)) return 'moderated';
  // A malformed key is a 422, as a wrong parameter is, and nothing but these words tells them apart.
  const isAboutKey = typeof json.detail === 'string' && /\bapi key\b/i.test(json.detail);
  return status === 422 && isAboutKey ? 'credentials' : null;
}

/**
 * A hundred dollars: three times what the largest picture with ten of the largest references comes to by the price list.
 * What is more is a slip of the vendor's, and an account that was charged it would be lost.
 */
const mostCredits = 10_000;

/**
 * Credits of a cent as micro-dollars; null where nothing was said that can be one picture's. Nothing is free: a zero is a
 * field that nobody filled in.
 */
export function chargeOf(credits: number | null): Charge {
  return credits !== null && credits > 0 && credits <= mostCredits ? Math.round(credits * microsPerCredit) : null;
}

/** A text, or a number that stands for one; null for all else. */
export const lenientText = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => value ?? null)
  .catch(null);

/** A number, or a text that is one; null for all else. */
export const lenientNumber = z
  .union([z.number(), z.string().trim().min(1).transform(Number)])
  .nullish()
  .transform((value) => (typeof value === 'number' && Number.isFinite(value) ? value : null))
  .catch(null);

const acceptedSchema = z.object({
  id: lenientText,
  task_id: lenientText,
  polling_url: lenientText,
  cost: lenientNumber,
});

/** One of FastAPI's issues. What the field held is left out: it may be the prompt. */
function issueText(issue: unknown): string {
  if (!isJsonObject(issue)) return 'a parameter is not accepted';
  const path = Array.isArray(issue.loc) ? issue.loc.filter((part) => part !== 'body').join('.') : '';
  return `${path === '' ? 'the request' : path}: ${typeof issue.msg === 'string' ? issue.msg : 'not accepted'}`;
}

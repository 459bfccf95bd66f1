import { env } from 'cloudflare:workers';
import { call } from './front-door';
import type { OpenaiError } from './openai-caller';

/** How an order came out for its caller. */
export interface Outcome {
  readonly status: number;
  /** `ready`, or the code of the error. */
  readonly code: string;
  readonly response: Response;
  readonly text: string;
}

/** A row of the ledger. Money in micro-dollars. */
export interface LedgerRow {
  readonly provider: string;
  readonly outcome: string;
  readonly quoted_micros: number;
  readonly actual_micros: number | null;
  readonly spent_micros: number;
  readonly paid_by: 'account' | 'caller';
}

export interface QuoteAnswer {
  readonly total_micros: number;
  readonly pictures: readonly {
    readonly fingerprint: string;
    readonly stored: boolean;
    readonly provider: string;
    readonly price_micros: number;
    readonly changes: readonly string[];
    readonly parameters: Readonly<Record<string, unknown>>;
  }[];
}

type Headers = Readonly<Record<string, string>>;

/** The order of the contract: one megapixel by default, with a seed of its own so that it can be asked for again. */
export function orderOf(prompt: string, changes: object = {}) {
  return { prompt, size: '1024x1024', steps: 50, guidance: 5, seed: 7, ...changes };
}

/** Orders in OpenAI's API and waits for the end. */
export async function ordered(order: object, headers: Headers = {}): Promise<Outcome> {
  const response = await call('/v1/images/generations', { json: order, headers });
  const text = await response.text();
  const { error = null } = JSON.parse(text) as Partial<OpenaiError>;
  return { status: response.status, code: error === null ? 'ready' : (error.code ?? ''), response, text };
}

/** What an order would be, without buying it. */
export async function quoted(order: object, headers: Headers = {}): Promise<QuoteAnswer> {
  const response = await call('/v1/quote', { json: order, headers });
  if (response.status !== 200) throw new Error(`The quote answered ${response.status}: ${await response.text()}`);
  return await response.json<QuoteAnswer>();
}

/** The fingerprint of an order. */
export async function fingerprintOf(order: object, headers: Headers = {}): Promise<string> {
  return (await quoted(order, headers)).pictures[0]?.fingerprint ?? '';
}

/** The ledger's rows for a picture, oldest first. */
export async function ledgerOf(fingerprint: string): Promise<readonly LedgerRow[]> {
  const statement = 'SELECT * FROM purchases WHERE fingerprint = ?1 ORDER BY queued_at, id';
  return (await env.LEDGER.prepare(statement).bind(fingerprint).all<LedgerRow>()).results;
}

/** What some sales, or some rows, come to. */
export const billOf = (sales: readonly { readonly priceMicros: number; readonly isCancelled: boolean }[]) =>
  sales.reduce((sum, { priceMicros, isCancelled }) => sum + (isCancelled ? 0 : priceMicros), 0);
export const spentOf = (rows: readonly LedgerRow[]) => rows.reduce((sum, row) => sum + row.spent_micros, 0);

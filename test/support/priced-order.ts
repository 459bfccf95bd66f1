import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { app } from '../../src/app';
import { origin } from './front-door';

/** What a hit or a join costs in {@link pricedOrder}. */
export const hitPrice = 1_000;
const priced = { ...env, HIT_PRICE_MICROS: `${hitPrice}` };

/**
 * An order where hits and joins have a price; answers once everything that it left to do is done.
 * @param named what names the order across its retries
 */
export async function pricedOrder(key: string, prompt: string, named?: string, more: object = {}): Promise<Response> {
  const name = named === undefined ? {} : { 'idempotency-key': named };
  return await pricedCall('/v1/images/generations', key, { prompt, size: '64x64', steps: 4, seed: 1, ...more }, name);
}

/** Any call where hits and joins have a price. */
export async function pricedCall(path: string, key: string, json: object, more: object = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...more };
  const context = createExecutionContext();
  const request = new Request(origin + path, { method: 'POST', headers, body: JSON.stringify(json) });
  const response = await app.fetch(request, priced, context);
  const answered = await response.arrayBuffer();
  await waitOnExecutionContext(context);
  return new Response(answered, response);
}

import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { app } from '../../src/app';
import { origin } from '../support/front-door';

/** A request as workerd hands it on: its URL has the `Host` header as it was sent. */
async function visit(host: string, path: string, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${env.DEV_API_KEY}`, 'content-type': 'application/json' };
  const request = new Request(origin + path, { ...init, headers });
  Object.defineProperty(request, 'url', { value: `http://${host}${path}` });
  const context = createExecutionContext();
  const response = await app.fetch(request, env, context);
  await waitOnExecutionContext(context);
  return { status: response.status, text: await response.text() };
}
const order = { method: 'POST', body: JSON.stringify({ prompt: 'nowhere', size: '64x64', seed: 1 }) };

describe.each(['a b', '[::1', 'x:99999', '%zz'])('the Host header %s, which names no host,', (host) => {
  it.each([
    ['/v1/images/generations', order],
    ['/v1/tasks?limit=1', {}],
    [`/images/${'0'.repeat(64)}.png`, {}],
    ['/fal-ai/flux-2-flex', order],
    ['/', {}],
  ])('is no failure of the service at %s', async (path, init) => {
    const { status, text } = await visit(host, path, init);
    expect([status, text.includes('names no host')]).toEqual([400, true]);
  });

  it('does not matter where the host is nobody’s business', async () => {
    expect((await visit(host, '/health')).status).toBe(200);
  });
});

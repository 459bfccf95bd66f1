import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { app } from '../../src/app';
import { addLinkKey, follow, linkFor, purchasesBy } from '../support/link';

it('links of an account are refused new pictures when they ask too often, and show what is stored', async () => {
  const signer = await addLinkKey('link-rate');
  const asked: string[] = [];
  const full = { limit: async ({ key }: { key: string }) => ({ success: asked.push(key) < 0 }) };
  const visit = async (url: string) => {
    const context = createExecutionContext();
    const response = await app.fetch(new Request(url), { ...env, LINK_RATE: full }, context);
    await waitOnExecutionContext(context);
    return response;
  };
  const [stored, fresh] = await Promise.all(
    ['rate: stored', 'rate: fresh'].map((prompt) => linkFor({ prompt, width: 64, height: 64 }, signer)),
  );
  expect((await follow(stored ?? '')).status).toBe(200);
  expect((await visit(stored ?? '')).status).toBe(200);
  expect(asked).toEqual([]);
  const refused = await visit(fresh ?? '');
  expect([refused.status, refused.headers.get('retry-after'), asked]).toEqual([429, '60', ['link-rate']]);
  expect(await purchasesBy('link-rate')).toBe(1);
});

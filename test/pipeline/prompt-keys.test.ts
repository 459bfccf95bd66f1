import { expect, it } from 'vitest';
import { call } from '../support/front-door';

it('makes a JSON prompt with every key that it was sent with, also one that objects have of themselves', async () => {
  const sent = '{"scene":"a harbour","__proto__":{"mood":"calm"},"constructor":1}';
  const headers = { 'content-type': 'application/json' };
  const body = `{"prompt":${sent},"seed":3,"width":64,"height":64}`;
  const ordered = await call('/v1/flux-2-flex', { headers, body });
  const { id } = await ordered.json<{ id: string }>();
  const prompt = await prompted(id);
  expect(prompt).toBe(sent);
  const plain = await call('/v1/flux-2-flex', {
    json: { prompt: { scene: 'a harbour' }, seed: 3, width: 64, height: 64 },
  });
  expect(plain.headers.get('x-fluxgate-fingerprint')).not.toBe(ordered.headers.get('x-fluxgate-fingerprint'));
});

/** The prompt as the finished task tells it. */
async function prompted(id: string): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await call(`/v1/get_result?id=${id}`);
    const { result } = await answer.json<{ result: { prompt: string } | null }>();
    if (result !== null) return result.prompt;
    await scheduler.wait(30);
  }
  throw new Error('The picture was never ready.');
}

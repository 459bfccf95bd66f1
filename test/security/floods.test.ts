import { describe, expect, it } from 'vitest';
import { made } from '../support/bfl-caller';
import { call } from '../support/front-door';

const soonMs = 2_000;

async function answered(path: string, options: Parameters<typeof call>[1] = {}): Promise<number> {
  const startedAt = Date.now();
  const response = await call(path, options);
  await response.body?.cancel();
  expect(Date.now() - startedAt, path.slice(0, 60)).toBeLessThan(soonMs);
  return response.status;
}

describe('a query', () => {
  it('of thousands of parameters, or of one that is very long, is answered soon and with no fault of ours', async () => {
    const picture = new URL((await made({ prompt: 'floods', seed: 1 })).sample).pathname;
    const many = Array.from({ length: 3_000 }, (_, index) => `p${index}=1`).join('&');
    const same = 'w=64&'.repeat(3_000);
    const long = `x=${'%C3%A4'.repeat(2_500)}`;
    const queries = [many, same, long, `w=${'9'.repeat(10_000)}`, `download=${'a'.repeat(10_000)}`, '&'.repeat(15_000)];
    const paths = [picture, '/i/x.png', '/temporary/x.png', '/v1/get_result', '/v1/usage', '/v1/tasks', '/v1/quote'];
    for (const path of paths)
      for (const query of queries)
        expect(await answered(`${path}?${query}`), `${path}?${query.slice(0, 20)}`).toBeLessThan(500);
  });

  it('of patterns that make bad expressions slow is none', async () => {
    const slow = [
      `${'a'.repeat(5_000)}!`,
      `${'0'.repeat(10_000)}x`,
      ' '.repeat(10_000),
      '-'.repeat(5_000),
      '.'.repeat(5_000),
    ];
    for (const text of slow) {
      for (const path of [`/images/${text}.png`, `/v1/tasks/${text}`, `/i/${text}.webp`])
        expect(await answered(encodeURI(path))).toBeLessThan(500);
      expect(await answered('/v1/images/generations', { json: { prompt: 'x', size: text } })).toBe(400);
      expect(await answered('/v1/account', { headers: { 'idempotency-key': text, accept: text, range: text } })).toBe(
        200,
      );
    }
  });
});

describe('a body', () => {
  it('of deep, wide or repeated JSON is refused soon', async () => {
    const bodies = [
      '['.repeat(100_000),
      `{"prompt":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`,
      `{${Array.from({ length: 100_000 }, (_, index) => `"k${index}":0`).join(',')}}`,
      `{"prompt":"x","seed":1${'0'.repeat(100_000)}}`,
    ];
    for (const body of bodies) {
      const status = await answered('/v1/flux-2-flex', { body, headers: { 'content-type': 'application/json' } });
      expect([400, 413, 422]).toContain(status);
    }
  });
});

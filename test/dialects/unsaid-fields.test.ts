import { describe, expect, it } from 'vitest';
import { call } from '../support/front-door';

const hinow = (extra: object) => ({ prompt: 'unsaid fields', parameters: { seed: 4, ...extra } });
const oxen = (extra: object) => ({
  prompt: 'unsaid fields',
  aspect_ratio: '1:1',
  resolution: '0.5 MP',
  seed: 4,
  ...extra,
});
const orders = [
  ['/v1/images', hinow],
  ['/api/ai/images/generate', oxen],
] as const;

async function fingerprint(path: string, json: object): Promise<string | null> {
  const response = await call(path, { json });
  expect(response.status).toBe(200);
  return response.headers.get('x-fluxgate-fingerprint');
}

describe.each(orders)('%s takes what its page does not name rather than dropping it', (path, body) => {
  it.each([{ prompt_upsampling: false }, { safety_tolerance: 4 }])('%j makes another picture', async (extra) => {
    expect(await fingerprint(path, body(extra))).not.toBe(await fingerprint(path, body({})));
  });

  it('refuses a tolerance that there is not', async () => {
    const response = await call(path, { json: body({ safety_tolerance: 9 }) });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(await response.text()).toContain('safety_tolerance');
  });
});

describe('how many pictures of oxen', () => {
  it.each(['n', 'num_generations'])('is told as %s on every route', async (field) => {
    const made = await call('/api/ai/images/generate', { json: oxen({ [field]: 2 }) });
    expect((await made.json<{ images: unknown[] }>()).images).toHaveLength(2);
    const queued = await call('/api/ai/queue', { json: { model: 'flux-2-flex', ...oxen({ [field]: 2 }) } });
    expect((await queued.json<{ generations: unknown[] }>()).generations).toHaveLength(2);
  });
});

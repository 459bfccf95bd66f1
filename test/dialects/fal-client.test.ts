import { env, exports } from 'cloudflare:workers';
import { createFalClient } from '@fal-ai/client';
import { expect, it } from 'vitest';

const origin = 'http://127.0.0.1';
it('probe', async () => {
  const fal = createFalClient({
    credentials: env.DEV_API_KEY,
    fetch: (input: any, init: any) => exports.default.fetch(new Request(input, init)),
    requestMiddleware: async (r) => ({
      ...r,
      url: r.url
        .replace('https://queue.fal.run', origin + '/fal')
        .replace('https://fal.run', origin + '/fal/run')
        .replace('https://rest.fal.ai', origin + '/fal/rest'),
    }),
  });
  const updates: any[] = [];
  const r = await fal.subscribe('fal-ai/flux-2-flex', {
    input: { prompt: 'x', image_size: { width: 64, height: 64 } } as any,
    logs: true,
    pollInterval: 30,
    onQueueUpdate: (u) => {
      updates.push(u);
    },
  });
  console.log(JSON.stringify(r), JSON.stringify(updates, null, 1));
  const u2: any[] = [];
  const r2 = await fal.subscribe('fal-ai/flux-2-flex', {
    input: { prompt: 'x2', image_size: { width: 64, height: 64 } } as any,
    logs: true,
    mode: 'streaming',
    onQueueUpdate: (u) => {
      u2.push(u);
    },
  });
  console.log(JSON.stringify(r2), JSON.stringify(u2, null, 1));
});

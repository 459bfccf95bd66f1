import { beforeAll, describe, expect, it } from 'vitest';
import { fingerprintIn, made, submitted } from '../support/bfl-caller';
import { call, origin } from '../support/front-door';

const evil = 'evil.example';
/** Headers by which proxies, frameworks and caches are led to another host, path, method or scheme. */
const misleading: Readonly<Record<string, string>> = {
  'x-forwarded-host': evil,
  'x-forwarded-proto': 'gopher',
  'x-forwarded-port': '6666',
  'x-forwarded-prefix': '/evil',
  'x-forwarded-scheme': 'http',
  'x-host': evil,
  'x-original-host': evil,
  'x-original-url': '/v1/admin/accounts',
  'x-rewrite-url': '/v1/admin/accounts',
  'x-http-method-override': 'DELETE',
  forwarded: `host=${evil};proto=gopher`,
  origin: `https://${evil}`,
  referer: `https://${evil}/`,
  'accept-language': evil,
  'user-agent': evil,
};

let path = '';
beforeAll(async () => {
  path = new URL((await made({ prompt: 'cache poisoning', seed: 1 })).sample).pathname;
});

/** What a cache would keep of an answer, and give to everybody. */
async function kept(target: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await call(target, { key: null, headers });
  const own = [...response.headers].filter(([name]) => name !== 'x-request-id');
  return {
    status: response.status,
    headers: own,
    body: new TextDecoder('latin1').decode(await response.arrayBuffer()),
  };
}

describe('an answer that a cache may keep', () => {
  it.each(['picture', 'recipe', 'openapi', 'llms', 'docs', 'page'] as const)(
    'is the same whatever headers lead elsewhere: %s',
    async (what) => {
      const targets = { picture: path, recipe: path.replace('.png', '.json'), openapi: '/openapi.json' };
      const target = { ...targets, llms: '/llms.txt', docs: '/docs', page: '/' }[what];
      const known = await kept(target);
      expect(known.status).toBe(200);
      for (const [name, value] of Object.entries(misleading))
        expect(await kept(target, { [name]: value }), name).toEqual(known);
      const all = await kept(target, misleading);
      expect(all).toEqual(known);
      expect(JSON.stringify(all)).not.toContain(evil);
    },
  );

  it('depends on Accept only where it says so', async () => {
    const types = ['image/avif,image/webp,*/*', 'text/html', 'application/json', ''];
    for (const accept of types) expect(await kept(path, { accept })).toEqual(await kept(path));
    const auto = await call(`${path}?format=auto`, { key: null, headers: { accept: 'image/webp' } });
    expect([auto.headers.get('content-type'), auto.headers.get('vary')]).toEqual(['image/webp', 'Accept']);
  });

  it('is at one URL: a parameter that means nothing is refused, and the refusal is kept by nobody', async () => {
    for (const query of ['utm_source=x', 'callback=alert', '__proto__=x', 'cb=1&cb=2', 'w=x', 'format=html']) {
      const refused = await kept(`${path}?${query}`);
      expect([query, refused.status]).toEqual([query, 400]);
      expect(new Map(refused.headers).get('cache-control')).toContain('no-store');
    }
  });

  it('is never an error, nor one that a key was needed for', async () => {
    const missing = path.replace(/[0-9a-f]{64}/, 'f'.repeat(64));
    for (const target of [missing, '/nowhere', '/v1/admin/accounts', '/v1/usage', '/temporary/x.png', '/i/x.png'])
      expect(new Map((await kept(target)).headers).get('cache-control'), target).toContain('no-store');
    for (const target of ['/v1/account', '/v1/usage', '/v1/tasks', '/v1/balance', '/v1/webhooks/secret']) {
      const response = await call(target);
      expect([target, response.status]).toEqual([target, 200]);
      expect(response.headers.get('cache-control'), target).toBe('private, no-store');
    }
  });
});

describe('a URL in an answer', () => {
  it('is on the origin of the request, whatever headers name another', async () => {
    const { polling_url } = await submitted({ prompt: 'poisoned links', seed: 1 }, { headers: misleading });
    expect(new URL(polling_url).origin).toBe(origin);
    const { sample } = await made({ prompt: 'poisoned links', seed: 1 }, { headers: misleading });
    expect(new URL(sample).origin).toBe(origin);
    const recipe = await kept(`/images/${fingerprintIn(sample)}.json`, misleading);
    expect(recipe.body).not.toContain(evil);
  });
});

import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { app } from '../../src/app';
import type { LinkOptions, LinkSigner } from '../../src/client/signed-link';
import { ended, submitted } from '../support/bfl-caller';
import { origin } from '../support/front-door';
import { addLinkKey, follow, linkFor, purchasesBy } from '../support/link';
import { notedBindings } from '../support/noted-bindings';

const small = { width: 64, height: 64 } as const;
const unread = new Set(['x-request-id', 'content-length', 'date']);

/** A request by the front door, and what it had the service change. */
async function noted(method: string, url: string, key: string | null) {
  const { bindings, changes } = notedBindings();
  const context = createExecutionContext();
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}`, 'x-key': key };
  const response = await app.fetch(new Request(url, { method, headers }), bindings, context);
  const sizeBytes = (await response.arrayBuffer()).byteLength;
  await waitOnExecutionContext(context);
  const told = [...response.headers].filter(([name]) => !unread.has(name));
  return { status: response.status, headers: Object.fromEntries(told), sizeBytes, changes };
}

describe('HEAD of a signed link', () => {
  let signer: LinkSigner;
  const account = 'head-links';
  beforeAll(async () => {
    signer = await addLinkKey(account);
  });
  const head = async (options: LinkOptions, by: LinkSigner = signer) =>
    await noted('HEAD', await linkFor(options, by), null);

  it.each(['wait', 'placeholder', '202'] as const)(
    'without a picture buys none, and says that there is none: onmiss=%s',
    async (onMiss) => {
      const { status, headers, sizeBytes, changes } = await head({
        prompt: `head: none yet ${onMiss}`,
        ...small,
        onMiss,
      });
      expect([status, sizeBytes, changes]).toEqual([202, 0, []]);
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-fluxgate-seed': expect.any(String) });
      expect(headers).not.toHaveProperty('retry-after');
      expect(await purchasesBy(account)).toBe(0);
    },
  );

  it('is not counted among the new pictures of its account', async () => {
    const full = { limit: async () => ({ success: false }) };
    const context = createExecutionContext();
    const url = await linkFor({ prompt: 'head: often', ...small }, signer);
    const bindings = { ...env, LINK_RATE: full };
    expect((await app.fetch(new Request(url, { method: 'HEAD' }), bindings, context)).status).toBe(202);
    expect((await app.fetch(new Request(url), bindings, context)).status).toBe(429);
    await waitOnExecutionContext(context);
  });

  it('with a picture is what GET answers, and counts as no look at it', async () => {
    const url = await linkFor({ prompt: 'head: a picture', ...small, format: 'png' }, signer);
    expect((await follow(url)).status).toBe(200);
    const [told, got] = [await noted('HEAD', url, null), await noted('GET', url, null)];
    expect([told.status, told.sizeBytes, told.changes]).toEqual([200, 0, []]);
    expect(told.headers).toEqual(got.headers);
    expect(told.headers['content-type']).toBe('image/png');
    expect(got.sizeBytes).toBeGreaterThan(0);
  });

  it.each([
    { name: 'forged', alter: (url: string) => `${url}x` },
    { name: 'ended', changes: { expires: new Date(1_000_000) } },
    { name: 'twice the same', alter: (url: string) => `${url}&width=64` },
  ])('that is $name is refused as GET refuses it', async ({ alter = (url: string) => url, changes = {} }) => {
    const url = alter(await linkFor({ prompt: 'head: refused', ...small }, { ...signer, ...changes }));
    const [told, got] = [await noted('HEAD', url, null), await noted('GET', url, null)];
    expect(told.status).toBeGreaterThanOrEqual(400);
    expect([told.status, told.headers]).toEqual([got.status, got.headers]);
  });

  it.each([
    { name: 'whose own limit is below the price', changes: { maxMicros: 1 }, status: 402 },
    { name: 'whose key has less than the price for a day', limits: { day_micros: 1 }, status: 402 },
    { name: 'whose key has less than the price in all', limits: { total_micros: 1 }, status: 402 },
    { name: 'of more steps than its key may order', limits: { maximum_steps: 10 }, status: 403 },
    { name: 'that was moderated just now', prompt: 'sandbox:moderated-output', status: 400, isMade: true },
    { name: 'whose making failed just now', prompt: 'sandbox:error', status: 502, isMade: true },
    { name: 'that every provider refused just now', prompt: 'sandbox:refused', status: 503, isMade: true },
  ])(
    '$name is refused as GET refuses it, and changes nothing',
    async ({ name, changes = {}, limits, prompt = 'head: refused', status, isMade = false }) => {
      const by = await addLinkKey(`head-refused-${crypto.randomUUID().slice(0, 8)}`, limits && { limits });
      const url = await linkFor({ prompt: `${prompt} ${name}`, ...small }, { ...by, ...changes });
      if (isMade) await (await follow(url)).arrayBuffer();
      const [told, got] = [await noted('HEAD', url, null), await noted('GET', url, null)];
      expect([told.status, told.sizeBytes, told.changes]).toEqual([status, 0, []]);
      const about = ({ headers }: typeof told) => ({
        ...headers,
        'retry-after': Number(headers['retry-after'] ?? 0) > 0,
      });
      expect([got.status, about(told)]).toEqual([status, about(got)]);
    },
  );

  it('whose failure is shown as a stand-in has that, as GET has', async () => {
    const by = await addLinkKey('head-stand-in');
    const url = await linkFor({ prompt: 'sandbox:error head', ...small, onFail: 'placeholder' }, by);
    expect((await follow(url)).status).toBe(200);
    const [told, got] = [await noted('HEAD', url, null), await noted('GET', url, null)];
    expect([told.status, told.sizeBytes, told.headers]).toEqual([200, 0, got.headers]);
    expect(told.headers).toHaveProperty('x-fluxgate-placeholder');
  });

  it('which cannot buy its picture is told of it while another account has it made, as GET is', async () => {
    const prompt = 'sandbox:slow head: joined';
    const [rich, poor] = [await addLinkKey('head-rich'), await addLinkKey('head-poor')];
    const url = await linkFor({ prompt, ...small, onMiss: '202' }, { ...poor, maxMicros: 1 });
    expect((await noted('HEAD', url, null)).status).toBe(402);
    expect((await follow(await linkFor({ prompt, ...small, onMiss: '202' }, rich))).status).toBe(202);
    expect((await noted('HEAD', url, null)).status).toBe(202);
    expect((await noted('GET', url, null)).status).toBe(202);
  });

  it('whose key was revoked is refused without a picture', async () => {
    const revoked = await addLinkKey('head-revoked');
    await env.LEDGER.prepare('UPDATE api_keys SET revoked_at = 1 WHERE id = ?1').bind(revoked.keyId).run();
    expect((await head({ prompt: 'head: revoked', ...small }, revoked)).status).toBe(403);
  });
});

describe('HEAD', () => {
  let [task, picture, link] = ['', '', ''];
  beforeAll(async () => {
    task = (await submitted({ prompt: 'head: every route', seed: 3 })).id;
    const { result } = await ended(task);
    picture = new URL(result?.sample ?? '').pathname;
    link = await linkFor({ prompt: 'head: every route, not made', ...small }, await addLinkKey('head-routes'));
  });

  const paths = [
    ...new Set(
      app.routes.filter(({ method, path }) => method === 'GET' && !path.endsWith('*')).map(({ path }) => path),
    ),
  ];
  const examples: Readonly<Record<string, () => string>> = {
    '/images/:file': () => `${picture}`,
    '/i/:file': () => link.slice(origin.length),
    '/v1/get_result': () => `/v1/get_result?id=${task}`,
    '/flux/v1/get_result': () => `/flux/v1/get_result?id=${task}`,
    '/v1/models/:id{.+}': () => '/v1/models/flux.2-flex',
    '/api/ai/models/:id{.+}': () => '/api/ai/models/flux-2-flex',
    '/v1/admin/accounts/:id': () => '/v1/admin/accounts/head-routes',
    '/v1/admin/accounts/:id/keys': () => '/v1/admin/accounts/head-routes/keys',
    '/v1/admin/accounts/:id/credits': () => '/v1/admin/accounts/head-routes/credits',
  };
  const filled = (path: string) =>
    path
      .replace(':owner', 'black-forest-labs')
      .replace(':name', 'flux-2-flex')
      .replaceAll(/:(id|uuid)(\{[^}]*\})?/g, task)
      .replaceAll(/:\w+(\{[^}]*\})?/g, 'nothing-there');

  it('is asked of every route that GET is', () => {
    expect(paths.length).toBeGreaterThan(60);
    expect(Object.keys(examples).filter((path) => !paths.includes(path))).toEqual([]);
  });

  it.each(paths)('of %s answers as GET does, without a body, and changes nothing', async (path) => {
    const url = origin + (examples[path]?.() ?? filled(path));
    const key = /^\/(v1\/admin|metrics)/.test(path) ? env.ADMIN_TOKEN : env.DEV_API_KEY;
    const told = await noted('HEAD', url, key);
    expect([told.sizeBytes, told.changes]).toEqual([0, []]);
    // There, GET buys: see above.
    if (path === '/i/:file') return;
    const got = await noted('GET', url, key);
    expect([told.status, told.headers]).toEqual([got.status, got.headers]);
  });
});

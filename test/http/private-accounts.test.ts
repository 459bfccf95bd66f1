import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LinkSigner } from '../../src/client/signed-link';
import type { Dialect, Operation } from '../../src/core/dialect';
import { Fault } from '../../src/core/fault';
import { dialects } from '../../src/dialects/registry';
import { Signatures } from '../../src/storage/signatures';
import { sealTemporaryUrl } from '../../src/storage/temporary-url';
import { ways } from '../contracts/one-picture';
import { addAccount } from '../support/accounts';
import { afterSeconds } from '../support/clock';
import { type Call, call, origin } from '../support/front-door';
import { addLinkKey, follow, linkFor, purchasesBy } from '../support/link';
import { comeBack, outsideWorld } from '../support/outside-world';
import { taskOf, type WireTask } from '../support/task-caller';

const prompt = 'A recluse by the sea, painted for nobody else';
const body = { prompt, seed: 11, width: 100, height: 64, steps: 4, output_format: 'jpeg' };
const unknown = '0'.repeat(64);

const signatures = new Signatures(env.SIGNING_SECRET);
const get = (url: string, options: Call = {}) => call(url.slice(origin.length), { key: null, ...options });
const order = (key: string, json: object = body) => call('/v1/flux-2-flex', { json, key });

let owner = '';
let stranger = '';
let hermit = '';
let task: WireTask;
let picture = '';
let etag = '';

async function taskEnded(key: string, json: object = body): Promise<WireTask> {
  const { id } = await (await order(key, json)).json<{ id: string }>();
  for (let tries = 0; tries < 400; tries += 1) {
    const ended = await taskOf(id, { key });
    if (ended.status === 'ready') return ended;
    await scheduler.wait(20);
  }
  throw new Error('The picture was never ready.');
}

afterEach(comeBack);
beforeAll(async () => {
  owner = await addAccount('recluse', { visibility: 'private' });
  hermit = await addAccount('hermit', { visibility: 'private' });
  stranger = await addAccount('stranger');
  task = await taskEnded(owner);
  picture = task.picture?.url ?? '';
  const response = await get(picture);
  etag = response.headers.get('etag') ?? '';
  expect([response.status, etag]).toEqual([200, expect.stringMatching(/^".+"$/)]);
});

/** Everything about an answer but what no two answers share. */
async function seen(response: Response) {
  const text = (await response.text())
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
    .replaceAll(task.fingerprint, unknown);
  const headers = [...response.headers].filter(([name]) => !['x-request-id', 'date'].includes(name));
  return { status: response.status, text, headers };
}

describe.each(Object.entries(ways))('a private account in the dialect %s', (_dialect, deliveries) => {
  it.each(Object.entries(deliveries))('%s answers URLs that expire, and pictures of its own', async (_name, go) => {
    const { url, fingerprint } = await go(owner);
    expect(url).toMatch(new RegExp(`^${origin}/temporary/${fingerprint}\\.png\\?expires=\\d+&signature=[\\w-]{22}$`));
    const response = await get(url);
    const age = Number(/^private, max-age=(\d+)$/.exec(response.headers.get('cache-control') ?? '')?.[1]);
    expect([response.status, response.headers.get('cache-tag')]).toEqual([200, null]);
    expect([age > 86_300, age <= 86_400]).toEqual([true, true]);
    await response.arrayBuffer();
    expect((await get(`${origin}/images/${fingerprint}.png`)).status).toBe(404);
    for (const other of [stranger, hermit]) expect((await go(other)).fingerprint).not.toBe(fingerprint);
  });
});

describe('the lasting URL of a private picture', () => {
  const files = ['.png', '.jpg', '.webp', '.avif', '.json', '.gif', '.png?w=64', '.jpg?w=64&h=64&fit=cover&q=80'];
  const more = [
    '.jpg?crop=100x64',
    '.png?w=63',
    '.jpg?download=me',
    '.jpg?crop=100x64&s=AAAAAAAAAAAAAAAAAAAAAA',
    '.png?x=1',
  ];
  const headers = (): readonly Record<string, string>[] => [
    {},
    { range: 'bytes=0-3' },
    { range: 'bytes=99999999-' },
    { range: 'bytes=0-3', 'if-range': etag },
    { 'if-none-match': etag },
    { 'if-none-match': '*' },
  ];

  it.each([...files, ...more])('%s answers as one that was never made does, whoever asks however', async (file) => {
    for (const key of [null, stranger, owner])
      for (const method of ['GET', 'HEAD', 'DELETE'])
        for (const extra of headers()) {
          const [there, nowhere] = await Promise.all(
            [task.fingerprint, unknown].map((print) =>
              call(`/images/${print}${file}`, { key, method, headers: extra }).then(seen),
            ),
          );
          expect(there).toEqual(nowhere);
          expect(there?.status).toBeGreaterThanOrEqual(400);
        }
  });

  it('stays hidden while its own account has it made', async () => {
    const fresh = await taskEnded(owner, { ...body, seed: 12 });
    const [own, other] = await Promise.all([
      get(fresh.picture?.url ?? ''),
      call(`/images/${fresh.fingerprint}.jpg`, { key: null }),
    ]);
    expect([own.status, other.status]).toEqual([200, 404]);
  });
});

describe('the expiring URL of a private picture', () => {
  const moved = [
    { name: 'no signature', alter: (url: string) => url.replace(/&signature=.*/, '') },
    { name: 'a later end', alter: (url: string) => url.replace(/expires=\d+/, 'expires=9999999999') },
    { name: 'another format', alter: (url: string) => url.replace('.jpg', '.png') },
    { name: 'its recipe', alter: (url: string) => url.replace(/\.jpg\?.*?expires/, '.json?expires') },
    { name: 'another crop', alter: (url: string) => url.replace('crop=100x64', 'crop=112x64') },
    { name: 'no crop', alter: (url: string) => url.replace(/crop=[^&]*&s=[^&]*&/, '') },
    { name: 'another size', alter: (url: string) => url.replace('?', '?w=64&') },
    { name: 'another order', alter: (url: string) => url.replace(/(crop=[^&]*)&(s=[^&]*)/, '$2&$1') },
    { name: 'another picture', alter: (url: string) => url.replace(/[0-9a-f]{64}/, unknown) },
    { name: 'a parameter more', alter: (url: string) => `${url}&download=me` },
    { name: 'two ends', alter: (url: string) => url.replace('expires', 'expires=9999999999&expires'), status: 400 },
  ];

  it.each(moved)('answers nothing with $name', async ({ alter, status = 403 }) => {
    expect(alter(picture)).not.toBe(picture);
    for (const method of ['GET', 'HEAD']) expect((await get(alter(picture), { method })).status).toBe(status);
    for (const headers of [{ range: 'bytes=0-3' }, { 'if-none-match': etag }])
      expect((await get(alter(picture), { headers })).status).toBe(status);
  });

  it('answers nothing once it has expired', async () => {
    const lasting = `${origin}/images/${task.fingerprint}.jpg`;
    const sealed = (agoSeconds: number) =>
      sealTemporaryUrl(signatures, lasting, { now: Date.now() - agoSeconds * 1000, seconds: 86_400 });
    expect((await get(await sealed(86_390))).status).toBe(200);
    expect((await get(await sealed(86_400))).status).toBe(403);
  });

  it('answers ranges and conditions as a lasting one does', async () => {
    expect((await get(picture, { headers: { range: 'bytes=0-3' } })).status).toBe(206);
    expect((await get(picture, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });
});

describe('the recipe of a private picture', () => {
  it('is at a URL of its own that expires, and names such URLs', async () => {
    const url = task.urls.recipe ?? '';
    expect(url).toContain(`${origin}/temporary/${task.fingerprint}.json?expires=`);
    const response = await get(url);
    expect(response.headers.get('cache-control')).toMatch(/^private, max-age=\d+$/);
    const { recipe, urls } = await response.json<{ recipe: { prompt: string }; urls: Record<string, string> }>();
    expect(recipe.prompt).toBe(prompt);
    for (const own of Object.values(urls)) expect((await get(own)).status).toBe(200);
    expect((await get(url.replace('.json', '.jpg'))).status).toBe(403);
  });
});

describe('a task of a private account', () => {
  const about = (operation: Operation) => ['read', 'watch', 'cancel'].includes(operation.kind);
  const routes = dialects.flatMap((dialect) =>
    dialect.operations.filter(about).map((operation) => [operation.method, operation.path, dialect] as const),
  );
  const pathOf = (path: string) => `${path.replaceAll(/:\w+(\{[^}]*\})?/g, task.id)}?id=${task.id}`;

  it.each(routes)('is nobody else’s to ask about by %s %s', async (method, path, dialect: Dialect) => {
    for (const key of [null, stranger, hermit]) {
      const headers = key === null ? {} : { authorization: `Key ${key}`, 'api-key': key };
      const asBearer = key === null ? {} : { authorization: `Bearer ${key}` };
      for (const sent of [headers, asBearer]) {
        const response = await call(pathOf(path), { method, key: null, headers: { ...sent, 'x-key': key ?? '' } });
        const codes = ['unauthenticated', 'task_not_found'] as const;
        const refusals = codes.map((code) => dialect.encodeFault(new Fault(code, 'x'), 'y').status);
        expect(refusals).toContain(response.status);
        const text = (await response.text()) + JSON.stringify([...response.headers]);
        expect([text.includes(task.fingerprint), text.includes('recluse')]).toEqual([false, false]);
      }
    }
  });

  it('is gone for who polls with nothing but its id', async () => {
    const unsent = await (await call(`/v1/get_result?id=${task.id}`, { key: null })).json();
    expect(JSON.stringify(unsent)).not.toContain('/temporary/');
    expect(await (await call(`/v1/get_result?id=${task.id}`, { key: owner })).json()).toMatchObject({
      status: 'Ready',
    });
  });

  it('is in no list but its own account’s', async () => {
    const lists = dialects.flatMap(({ operations }) => operations.filter(({ kind }) => kind === 'list'));
    expect(lists.length).toBeGreaterThan(0);
    for (const { path } of lists) {
      expect(await (await call(path, { key: stranger })).text()).not.toContain(task.fingerprint);
      const own = await (await call(path, { key: owner })).text();
      expect(own).not.toContain('/images/');
    }
  });

  it('is told to its webhook with a URL that expires', async () => {
    const told = outsideWorld(() => new Response(null, { status: 204 }));
    const webhook_url = `https://hooks.example.com/${crypto.randomUUID()}`;
    await order(owner, { ...body, seed: 13, webhook_url });
    await expect.poll(() => told.filter(({ url }) => url === webhook_url).length).toBe(1);
    const sent = told.find(({ url }) => url === webhook_url)?.body ?? '';
    expect([sent.includes('/temporary/'), sent.includes('/images/')]).toEqual([true, false]);
  });

  it('is told in its stream with URLs that expire', async () => {
    const text = await (await call(`/v1/tasks/${task.id}/events`, { key: owner })).text();
    expect([text.includes('/temporary/'), text.includes('/images/')]).toEqual([true, false]);
  });
});

describe('what a private account has', () => {
  it('is stored in the quote of nobody else', async () => {
    const quoted = async (key: string) => {
      const response = await call('/v1/quote?dialect=bfl', { json: body, key });
      return (await response.json<{ pictures: { stored: boolean }[] }>()).pictures[0]?.stored;
    };
    expect([await quoted(owner), await quoted(stranger), await quoted(hermit)]).toEqual([true, false, false]);
  });

  it('is a reference for who has a URL that has not expired, and for itself', async () => {
    const lasting = `${origin}/images/${task.fingerprint}.jpg`;
    const refer = async (key: string, url: string, seed: number) =>
      (await order(key, { ...body, seed, input_image: url })).status;
    expect(await refer(stranger, picture, 21)).toBe(200);
    expect(await refer(owner, lasting, 22)).toBe(200);
    const nowhere = await refer(stranger, lasting.replace(task.fingerprint, unknown), 23);
    expect(nowhere).toBeGreaterThanOrEqual(400);
    for (const key of [stranger, hermit]) expect(await refer(key, lasting, 24)).toBe(nowhere);
    const now = Date.now() - 100_000_000;
    expect(await refer(stranger, await sealTemporaryUrl(signatures, lasting, { now, seconds: 60 }), 25)).toBe(nowhere);
    expect(await refer(stranger, picture.replace(/signature=./, 'signature=~'), 26)).toBe(nowhere);
    // As the front door has it: no word twice, and no quality off its ladder, whatever the format.
    expect(await refer(stranger, `${picture}&signature=x`, 27)).toBe(nowhere);
    expect(await refer(owner, `${lasting.replace('.jpg', '.png')}?q=11`, 28)).toBe(nowhere);
    expect(await refer(owner, `${lasting.replace('.jpg', '.png')}?q=10`, 29)).toBe(200);
  });
});

describe('a signed link to a private picture', () => {
  const linked = { prompt: 'A recluse, linked', seed: 31, width: 64, height: 64, steps: 4 } as const;
  const unmade = { ...linked, seed: 32 };
  const variants = [
    {},
    { format: 'png' },
    { format: 'webp', w: 32 },
    { onMiss: 'placeholder' },
    { onMiss: '202' },
    { onFail: 'placeholder' },
  ] as const;
  const forged = (url: string) => url.replace(/sig=./, (start) => (start === 'sig=A' ? 'sig=B' : 'sig=A'));
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);

  /** A new key, and what it signs, with so many seconds to go. */
  async function ending(seconds?: number, keySeconds?: number): Promise<LinkSigner> {
    const changes = keySeconds === undefined ? {} : { expires_at: inSeconds(keySeconds).toISOString() };
    const signer = await addLinkKey('recluse', changes);
    return seconds === undefined ? signer : { ...signer, expires: inSeconds(seconds) };
  }

  /** All ways to look at what a link shows. */
  const looks = (tag: string) => [
    { method: 'GET', headers: {} },
    { method: 'HEAD', headers: {} },
    { method: 'GET', headers: { range: 'bytes=0-3' } },
    { method: 'GET', headers: { 'if-none-match': tag } },
    { method: 'GET', headers: { 'if-none-match': '*' } },
  ];

  it.each([
    { name: 'its own end', lasts: 60 },
    { name: 'the end of its key', keyLasts: 60 },
    { name: 'its key was revoked', isRevoked: true },
  ])(
    'shows it until $name, and then answers as a forged one, whoever asks however',
    async ({ lasts, keyLasts, isRevoked = false }) => {
      const signer = await ending(lasts, keyLasts);
      const urls = await Promise.all(variants.map((variant) => linkFor({ ...linked, ...variant }, signer)));
      const never = await linkFor(unmade, signer);
      const [first = ''] = urls;
      const made = await follow(first);
      const tag = made.headers.get('etag') ?? '';
      expect([made.status, tag]).toEqual([200, expect.stringMatching(/^".+"$/)]);
      for (const url of urls) expect((await follow(url)).status).toBe(200);
      const statuses = looks(tag).map(async ({ method, headers }) => (await follow(first, headers, method)).status);
      expect(await Promise.all(statuses)).toEqual([200, 200, 206, 304, 304]);
      const before = await purchasesBy('recluse');
      if (isRevoked) await call(`/v1/admin/keys/${signer.keyId}`, { method: 'DELETE' });
      await afterSeconds(isRevoked ? 0 : 61, async () => {
        for (const url of [...urls, never])
          for (const { method, headers } of looks(tag)) {
            const [genuine, other] = await Promise.all([url, forged(url)].map((one) => follow(one, headers, method)));
            if (genuine === undefined || other === undefined) throw new Error('Nothing was answered.');
            const cached = genuine.headers.get('cache-control');
            expect([genuine.status, cached]).toEqual([403, 'private, no-store']);
            expect(await seen(genuine)).toEqual(await seen(other));
          }
      });
      expect(await purchasesBy('recluse')).toBe(before);
    },
  );

  it.each([
    { name: 'its own end', lasts: 20, most: 20 },
    { name: 'the end of its key', keyLasts: 20, most: 20 },
    { name: 'half a minute', most: 30 },
  ])('is kept by nobody but its visitor, and not beyond $name', async ({ lasts, keyLasts, most }) => {
    const url = await linkFor(linked, await ending(lasts, keyLasts));
    const tag = (await follow(url)).headers.get('etag') ?? '';
    for (const { method, headers } of looks(tag)) {
      const answer = await follow(url, headers, method);
      const age = /^private, max-age=(\d+)$/.exec(answer.headers.get('cache-control') ?? '')?.[1];
      expect([answer.status < 400, answer.headers.get('cache-tag')]).toEqual([true, null]);
      expect(Number(age)).toBeLessThanOrEqual(most);
    }
  });

  it('that ends while it waits buys once, and shows nothing any more', async () => {
    const signer = await ending(20);
    const before = await purchasesBy('recluse');
    const url = await linkFor({ ...linked, prompt: 'sandbox:slow A recluse' }, signer);
    const looking = follow(url);
    await expect.poll(async () => (await follow(url, {}, 'HEAD')).status).toBe(202);
    await scheduler.wait(1_000);
    expect(await afterSeconds(25, async () => (await looking).status)).toBe(403);
    expect(await purchasesBy('recluse')).toBe(before + 1);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalLink, type LinkSigner } from '../../src/client/signed-link';
import { linkText, readLink } from '../../src/core/picture-link';
import { probePicture } from '../../src/core/picture-probe';
import { call, origin } from '../support/front-door';
import { addLinkKey, follow, linkFor, purchasesBy } from '../support/link';

const small = { width: 64, height: 64 } as const;
let signer: LinkSigner;
beforeAll(async () => {
  signer = await addLinkKey('links');
});

describe('a signed link', () => {
  it('has its picture made once, and is that picture from then on', async () => {
    const url = await linkFor({ prompt: 'A link to a fox (red!) & more', ...small, format: 'webp' }, signer);
    const before = await purchasesBy('links');
    const first = await follow(url);
    expect([first.status, first.headers.get('content-type')]).toEqual([200, 'image/webp']);
    const bytes = new Uint8Array(await first.arrayBuffer());
    expect(probePicture(bytes)).toMatchObject({ format: 'webp', ...small });
    expect(first.headers.get('cache-control')).toContain('immutable');
    const again = await follow(url);
    expect(new Uint8Array(await again.arrayBuffer())).toEqual(bytes);
    const etag = again.headers.get('etag') ?? '';
    expect((await follow(url, { 'if-none-match': etag })).status).toBe(304);
    expect((await purchasesBy('links')) - before).toBe(1);
  });

  it('is the same picture as the same order in an API, and another format is no other picture', async () => {
    const seeded = { prompt: 'One picture, linked and ordered', seed: 9, ...small };
    const link = await follow(await linkFor({ ...seeded, format: 'png' }, signer));
    const ordered = await call('/v1/flux-2-flex', { json: { ...seeded, output_format: 'png' } });
    expect(ordered.headers.get('x-fluxgate-source')).toBe('hit');
    expect(ordered.headers.get('x-fluxgate-fingerprint')).toBe(link.headers.get('x-fluxgate-fingerprint'));
    const webp = await follow(await linkFor({ ...seeded, format: 'webp' }, signer));
    expect(webp.headers.get('x-fluxgate-fingerprint')).toBe(link.headers.get('x-fluxgate-fingerprint'));
  });

  it('counts what each look at a stored picture saves: what that picture was quoted, in any size', async () => {
    const own = await addLinkKey('links-saved');
    const picture = { prompt: 'A link that saves', seed: 5, ...small };
    const first = await follow(await linkFor({ ...picture, format: 'png' }, own));
    expect(first.status).toBe(200);
    expect((await follow(await linkFor({ ...picture, format: 'png' }, own))).status).toBe(200);
    for (let time = 0; time < 2; time += 1)
      expect((await follow(await linkFor({ ...picture, format: 'webp', w: 32 }, own))).status).toBe(200);
    const totals = async () => {
      const usage = await call('/v1/usage?account=links-saved');
      return (await usage.json<{ totals: { quoted_micros: number; hits: number; saved_micros: number } }>()).totals;
    };
    await expect.poll(async () => (await totals()).hits, { timeout: 8_000 }).toBe(3);
    const { quoted_micros: quoted, saved_micros: saved } = await totals();
    expect(quoted).toBeGreaterThan(0);
    expect(saved).toBe(3 * quoted);
  });

  it('takes its seed from the prompt where it says none', async () => {
    const seedOf = async (prompt: string) =>
      (await follow(await linkFor({ prompt, ...small }, signer))).headers.get('x-fluxgate-seed');
    const other = await addLinkKey('links-other');
    const elsewhere = await follow(await linkFor({ prompt: 'Seed of mine', ...small }, other));
    expect(await seedOf('Seed of mine')).toBe(elsewhere.headers.get('x-fluxgate-seed'));
    expect(await seedOf('Seed of yours')).not.toBe(await seedOf('Seed of mine'));
  });

  it('serves what is stored after its end, and buys nothing then', async () => {
    const ended = { ...signer, expires: new Date(Date.now() - 60_000) };
    const fresh = { ...signer, expires: new Date(Date.now() + 60_000) };
    const picture = { prompt: 'A link that ends', seed: 4, ...small };
    const refused = await follow(await linkFor(picture, ended));
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('The link ended at')]);
    expect((await follow(await linkFor(picture, fresh))).status).toBe(200);
    expect((await follow(await linkFor(picture, ended))).status).toBe(200);
  });

  it('buys within its own limit, and never beyond it', async () => {
    const poor = await follow(await linkFor({ prompt: 'A limited link', ...small }, { ...signer, maxMicros: 10 }));
    expect([poor.status, await poor.text()]).toEqual([402, expect.stringContaining('The whole budget, $0.00001')]);
    const rich = await follow(
      await linkFor({ prompt: 'A limited link', ...small }, { ...signer, maxMicros: 1_000_000 }),
    );
    expect(rich.status).toBe(200);
  });

  it('serves what is stored with a key that was revoked, and buys nothing with it', async () => {
    const revoked = await addLinkKey('links-revoked');
    const picture = { prompt: 'A revoked key', ...small };
    expect((await follow(await linkFor(picture, revoked))).status).toBe(200);
    await call(`/v1/admin/keys/${revoked.keyId}`, { method: 'DELETE' });
    expect((await follow(await linkFor(picture, revoked))).status).toBe(200);
    const other = await follow(await linkFor({ ...picture, prompt: 'Another' }, revoked));
    expect([other.status, await other.text()]).toEqual([403, expect.stringContaining('may not buy any more')]);
  });

  it('cannot be used as an API key', async () => {
    const { status } = await call('/v1/images/generations', {
      key: signer.secret,
      json: { prompt: 'x', size: '64x64' },
    });
    expect(status).toBe(401);
  });

  it('has the rendition that it asks for, from the ladder alone', async () => {
    const link = (query: string) =>
      signed(`prompt=Sizes%20of%20a%20link&width=128&height=96&seed=1${query}`, 'sizes.jpg');
    const half = await follow(await link('&w=64'));
    expect(probePicture(new Uint8Array(await half.arrayBuffer()))).toMatchObject({ width: 64, height: 48 });
    expect((await follow(await link('&w=65'))).status).toBe(400);
    for (const file of ['sizes.jpg', 'sizes.jpeg', 'sizes.png', 'sizes.webp', 'sizes.avif'])
      for (const [q, status] of [
        ['80', 200],
        ['11', 400],
      ] as const)
        expect(
          (await follow(await signed(`prompt=Sizes%20of%20a%20link&width=128&height=96&seed=1&q=${q}`, file))).status,
        ).toBe(status);
    const odd = await follow(await signed('prompt=An%20odd%20size&width=100&height=70', 'odd.png'));
    expect(probePicture(new Uint8Array(await odd.arrayBuffer()))).toMatchObject({ width: 100, height: 70 });
  });

  it('shows a stand-in or says so while its picture is made, where it asks for that', async () => {
    const slow = 'prompt=sandbox:slow%20';
    const placeholder = await follow(await signed(`${slow}a&width=64&height=64&onmiss=placeholder`, 'slow.png'));
    expect([placeholder.status, placeholder.headers.get('content-type')]).toEqual([202, 'image/svg+xml']);
    expect(placeholder.headers.get('cache-control')).toBe('no-store');
    expect(placeholder.headers.get('refresh')).toBe('5');
    const told = await follow(await signed(`${slow}b&width=64&height=64&onmiss=202`, 'slow.png'));
    expect([told.status, await told.json()]).toMatchObject([202, { object: 'task', status: 'queued' }]);
    const head = await follow(await signed(`${slow}c&width=64&height=64`, 'slow.png'), {}, 'HEAD');
    expect([head.status, await head.text()]).toEqual([202, '']);
  });

  it('fails with a true status, or with a stand-in where it asks for that', async () => {
    const failing = 'prompt=sandbox:moderated-request&width=64&height=64';
    const failed = await follow(await signed(failing, 'bad.png'));
    expect([failed.status, failed.headers.get('content-type')]).toEqual([400, 'application/json']);
    const shown = await follow(await signed(`${failing}&onfail=placeholder`, 'bad.png'));
    expect([shown.status, shown.headers.get('content-type'), shown.headers.get('cache-control')]).toEqual([
      200,
      'image/svg+xml',
      'no-store',
    ]);
  });
});

describe('a forged link', () => {
  const genuine = () => signed('prompt=Forge%20me&seed=1&width=64&height=64', 'forged.png');
  const refused = async (url: string, status = 403) => {
    const response = await follow(url);
    expect([url, response.status]).toEqual([url, status]);
  };

  it('is refused whatever part of it was changed, and buys nothing', async () => {
    const url = await genuine();
    const before = await purchasesBy('links');
    await refused(url.replace('Forge', 'Forget'));
    await refused(url.replace('seed=1', 'seed=2'));
    await refused(url.replace('forged.png', 'forged.jpg'));
    await refused(url.replace('forged.png', 'other.png'));
    await refused(url.replace('&seed=1', ''));
    await refused(`${url}&steps=10`);
    await refused(url.replace(/sig=.*/, ''));
    await refused(url.replace(/sig=(.)/, (_, letter) => `sig=${letter === 'A' ? 'B' : 'A'}`));
    await refused(url.replace(/(sig=.{20}).*/, '$1'));
    await refused(`${url}A`);
    await refused(`${url}=`);
    await refused(url.replace(signer.keyId, 'key_000000000000000000000000'));
    expect(await purchasesBy('links')).toBe(before);
  });

  it('is refused with the last letter of its signature spelled otherwise', async () => {
    const url = await genuine();
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = url.at(-1) ?? '';
    const others = [...letters].filter((letter) => letter !== last);
    for (const letter of others) await refused(url.slice(0, -1) + letter);
  });

  it('is refused with a parameter twice, whichever of the two was signed', async () => {
    const url = await genuine();
    for (const twice of ['&prompt=Other', '&seed=1', '&sig=x', '&key=x', '&PROMPT=x'])
      await refused(url + twice, twice === '&PROMPT=x' ? 403 : 400);
    await refused(url.replace('?', '?prompt=Other&'), 400);
  });

  it('is the same link in another order or spelling, and another one with another meaning', async () => {
    const url = new URL(await genuine());
    const reversed = [...url.searchParams].reverse();
    const shuffled = `${url.origin}${url.pathname}?${new URLSearchParams(reversed)}`;
    expect((await follow(shuffled)).status).toBe(200);
    await refused(url.href.replace('Forge%20me', 'Forge%2520me'));
    await refused(url.href.replace('Forge%20me', 'Forge%20me%00'));
    await refused(url.href.replace('seed=1', 'seed=01'));
  });

  it('is refused with an unknown parameter or a file name that is none, although it is signed', async () => {
    await refused(await signed('prompt=x&width=64&height=64&unknown=1', 'a.png'), 400);
    await refused(await signed('prompt=x', 'a.gif'), 404);
    await refused(await signed('prompt=x', '..%2Fa.png'), 404);
    await refused(await signed('width=64', 'a.png'), 400);
    await refused(await signed('prompt=x&width=63&height=64', 'a.png'), 400);
    await refused(await signed('prompt=x&exp=soon', 'a.png'), 400);
  });

  it('takes GET and HEAD alone', async () => {
    const response = await follow(await genuine(), {}, 'POST');
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('is signed over the same text here and in the client', () => {
    const query = "?b=2&a=%C3%A4%20!'()*&key=k&a2=x&sig=nothing";
    const link = readLink('a.png', query);
    expect(linkText(link)).toBe(canonicalLink('a.png', link.parameters));
    expect(linkText(link)).toBe('v1\na.png\na=%C3%A4%20%21%27%28%29%2A&a2=x&b=2&key=k');
  });
});

/** A link with exactly this query, signed as the client does. */
async function signed(query: string, file: string): Promise<string> {
  const parameters = [...new URLSearchParams(`${query}&key=${signer.keyId}`)];
  const text = canonicalLink(file, parameters as [string, string][]);
  const encoder = new TextEncoder();
  const usage = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(signer.secret), usage, false, ['sign']);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(text)));
  return `${origin}/i/${file}?${query}&key=${signer.keyId}&sig=${mac.toBase64({ alphabet: 'base64url', omitPadding: true })}`;
}

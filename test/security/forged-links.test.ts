import { beforeAll, describe, expect, it } from 'vitest';
import type { LinkSigner } from '../../src/client/signed-link';
import { addLinkKey, follow, linkFor, purchasesBy } from '../support/link';

let [signer, other] = [{}, {}] as [LinkSigner, LinkSigner];
let link = '';
beforeAll(async () => {
  [signer, other] = [await addLinkKey('forged-mine'), await addLinkKey('forged-theirs')];
  link = await linkFor({ prompt: 'forging links', width: 64, height: 64 }, signer);
});

/** The link with another signature. */
function signedAs(signature: string): string {
  const url = new URL(link);
  url.searchParams.set('sig', signature);
  return url.href;
}

describe('a signature of a link', () => {
  it('is good for no other key, no other link and no part of itself', async () => {
    const own = new URL(link).searchParams.get('sig') ?? '';
    const elsewhere = new URL(await linkFor({ prompt: 'forging links', width: 64, height: 64 }, other));
    const another = new URL(await linkFor({ prompt: 'forging other links', width: 64, height: 64 }, signer));
    const cut = [own.slice(0, -1), own.slice(0, 22), own.slice(1), ''];
    const more = [`${own}A`, `${own}=`, `${own}AAAA`, ` ${own}`, `${own}%00`, own.toLowerCase(), own.repeat(2)];
    const others = [elsewhere, another].map((url) => url.searchParams.get('sig') ?? '');
    for (const signature of [...cut, ...more, ...others])
      expect((await follow(signedAs(signature))).status, signature).toBeGreaterThanOrEqual(400);
    elsewhere.searchParams.set('key', signer.keyId);
    expect((await follow(elsewhere.href)).status).toBe(403);
    expect(await purchasesBy('forged-mine')).toBe(0);
    expect(await purchasesBy('forged-theirs')).toBe(0);
  });

  it('is not lengthened: text behind what was signed is another text', async () => {
    const padding = '%80%00%00%00%00%00%00%00%01%98';
    for (const suffix of [`&prompt=x`, `${padding}&width=128`, `&${padding}`, '&steps=50', '&max=1000000'])
      expect((await follow(link + suffix)).status, suffix).toBeGreaterThanOrEqual(400);
    for (const change of [
      (url: string) => url.replace('width=64', 'width=640'),
      (url: string) => url.replace('width=64', 'width=064'),
      (url: string) => url.replace('prompt=', 'prompt=x'),
      (url: string) => url.replace('prompt=forging', 'prompt=forging%00'),
    ])
      expect((await follow(change(link))).status, change(link)).toBe(403);
  });

  it('that is sent again buys nothing again', async () => {
    const followed = await Promise.all(Array.from({ length: 20 }, () => follow(link)));
    for (const response of followed) {
      expect(response.status).toBe(200);
      await response.body?.cancel();
    }
    await expect.poll(() => purchasesBy('forged-mine')).toBe(1);
  });
});

import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/client';
import { canonicalLink } from '../../src/client/signed-link';

const client = createClient({ baseUrl: 'https://pictures.test', fetch: () => Promise.reject(new Error('Offline.')) });
const signer = { keyId: 'key_1', secret: 'a secret' };

/** The signature of a text, by another way than the client's. */
async function signatureOf(text: string): Promise<string> {
  const usage = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(signer.secret), usage, false, ['sign']);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text)));
  return mac.toBase64({ alphabet: 'base64url', omitPadding: true });
}

describe('a signed link', () => {
  it('is signed over its file and its sorted query', async () => {
    const url = await client.signedUrl({ prompt: "It's a fox (red)*!", seed: 7, steps: 4, format: 'png' }, signer);
    const query = 'key=key_1&prompt=It%27s%20a%20fox%20%28red%29%2A%21&seed=7&steps=4';
    const signature = await signatureOf(`v1\nit-s-a-fox-red.png\n${query}`);
    expect(url).toBe(`https://pictures.test/i/it-s-a-fox-red.png?${query}&sig=${signature}`);
  });

  it('carries its end, its price limit and a JSON prompt', async () => {
    const prompt = { scene: 'a fox', colors: ['#FF6600'] };
    const order = {
      prompt,
      aspectRatio: '16:9',
      references: ['https://a.test/1.png', new URL('https://a.test/2.png')],
    };
    const limits = { expires: new Date('2027-01-01T00:00:00.900Z'), maxMicros: 60_000, slug: 'poster' };
    const url = new URL(await client.signedUrl(order, { ...signer, ...limits }));
    expect(url.pathname).toBe('/i/poster.jpg');
    const { sig, ...query } = Object.fromEntries(url.searchParams);
    expect(sig).toMatch(/^[\w-]{43}$/);
    expect(query).toEqual({
      ...{ key: 'key_1', exp: '1798761600', max: '60000', aspect_ratio: '16:9', prompt: JSON.stringify(prompt) },
      ...{ input_image: 'https://a.test/1.png', input_image_2: 'https://a.test/2.png' },
    });
  });

  it.each([[{ expires: new Date('never') }], [{ maxMicros: Number.NaN }], [{ slug: 'a/b' }], [{ slug: '' }]])(
    'that nobody could follow is not signed: %j',
    async (wrong) => {
      await expect(client.signedUrl('A fox', { ...signer, ...wrong })).rejects.toThrow(TypeError);
    },
  );

  it('needs a name when the prompt has no letters', async () => {
    expect(await client.signedUrl('狐狸', signer)).toContain('/i/picture.jpg?');
  });
});

describe('the text that is signed', () => {
  it('is sorted by name and then by value, by code unit', () => {
    const parameters = [
      ['b', '2'],
      ['a', 'é'],
      ['a', 'z'],
      ['B', '1'],
    ] as const;
    expect(canonicalLink('x.png', parameters)).toBe('v1\nx.png\nB=1&a=z&a=%C3%A9&b=2');
  });
});

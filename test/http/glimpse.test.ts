import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { probePicture } from '../../src/core/picture-probe';
import { glimpseOf } from '../../src/storage/glimpse';
import { submitted } from '../support/bfl-caller';
import { bytesAt, call, origin } from '../support/front-door';
import { fingerprintOf, generate } from '../support/openai-caller';
import { taskAt } from '../support/task-caller';

const traits = ['thumbhash', 'color', 'determinism'] as const;
const traitsOf = (response: Response) => traits.map((name) => response.headers.get(`x-fluxgate-${name}`));

interface SeenPicture {
  readonly url: string;
  readonly thumbhash: string | null;
  readonly color: string | null;
  readonly srcset: string;
  readonly width: number;
}
const pictureOf = async (body: object) => {
  const { id } = await submitted(body);
  return (await taskAt(id)).picture as unknown as SeenPicture;
};

describe('a look at a picture', () => {
  const order = { prompt: 'glimpse: a poster in #ff6600', seed: 1, size: '310x180' };
  let bought: Response;
  let fingerprint = '';
  beforeAll(async () => {
    bought = await generate(order);
    fingerprint = fingerprintOf(bought);
  });

  it('is in the headers of the answer that bought it', () => {
    const [thumbhash, color, determinism] = traitsOf(bought);
    expect(Uint8Array.fromBase64(thumbhash ?? '').length).toBeLessThanOrEqual(25);
    expect(Uint8Array.fromBase64(thumbhash ?? '').length).toBeGreaterThan(15);
    expect(color).toMatch(/^#[0-9a-f]{6}$/);
    expect(determinism).toBe('pinned');
    expect(bought.headers.get('x-fluxgate-width')).toBe('310');
    expect(bought.headers.get('x-fluxgate-height')).toBe('180');
  });

  it('is the same in a hit, in the picture in every format and size, and in its recipe', async () => {
    const told = traitsOf(bought);
    expect(traitsOf(await generate(order))).toEqual(told);
    for (const rest of ['.png', '.jpg', '.webp?w=160', '.avif?h=64', '.auto?w=64']) {
      expect(traitsOf(await call(`/images/${fingerprint}${rest}`, { key: null }))).toEqual(told);
    }
    const recipe = await (await call(`/images/${fingerprint}.json`)).json();
    expect(recipe).toMatchObject({
      determinism: told[2],
      placeholder: { thumbhash: told[0], color: told[1] },
    });
  });

  it('goes with the size of that very rendition', async () => {
    const sizes = { '.png': [320, 192], '.jpg?w=160': [160, 96], '.webp?w=64&h=64&fit=cover': [64, 64] };
    for (const [rest, [width, height]] of Object.entries(sizes)) {
      const response = await call(`/images/${fingerprint}${rest}`, { key: null });
      expect(response.headers.get('x-fluxgate-width')).toBe(String(width));
      expect(response.headers.get('x-fluxgate-height')).toBe(String(height));
      expect(probePicture(new Uint8Array(await response.arrayBuffer()))).toMatchObject({ width, height });
    }
  });

  it('goes with a copy that is still good, and with a part', async () => {
    const whole = await call(`/images/${fingerprint}.png`);
    const headers = { 'if-none-match': whole.headers.get('etag') ?? '' };
    expect(traitsOf(await call(`/images/${fingerprint}.png`, { headers }))).toEqual(traitsOf(whole));
    const part = await call(`/images/${fingerprint}.png`, { headers: { range: 'bytes=0-9' } });
    expect([part.status, ...traitsOf(part)]).toEqual([206, ...traitsOf(whole)]);
  });

  it('differs where the picture does', async () => {
    const other = await generate({ prompt: 'glimpse: a poster in #0044ff', seed: 2, size: '310x180' });
    expect(other.headers.get('x-fluxgate-thumbhash')).not.toBe(bought.headers.get('x-fluxgate-thumbhash'));
  });
});

describe('a picture that is PNG', () => {
  it('is looked at without the Images binding, which is billed for each call', async () => {
    const spy = vi.spyOn(Object.getPrototypeOf(env.IMAGES), 'input');
    try {
      const response = await generate({ prompt: 'glimpse: by itself', seed: 1 });
      expect(traitsOf(response)).toEqual([expect.any(String), expect.stringMatching(/^#/), 'pinned']);
      expect(spy).not.toHaveBeenCalled();
    } finally {
      spy.mockRestore();
    }
  });
});

describe('a picture that is no PNG', () => {
  it('is looked at by the Images binding', async () => {
    const jpeg = await bytesAt((await pictureOf({ prompt: 'glimpse: as JPEG', seed: 1, output_format: 'jpeg' })).url);
    expect(probePicture(jpeg)?.format).toBe('jpeg');
    expect(await glimpseOf(env.IMAGES, jpeg)).toMatchObject({ color: expect.stringMatching(/^#[0-9a-f]{6}$/) });
  });
});

describe('a picture that cannot be looked at', () => {
  const failures = {
    'as the binding fails': () => {
      throw new Error('no binding today');
    },
    'as what it gives is no PNG': () => ({
      transform: () => ({ output: async () => ({ response: () => new Response('not a picture') }) }),
    }),
    'as the binding never answers': () => ({
      transform: () => ({ output: () => new Promise(() => {}) }),
    }),
  };
  it.each(Object.entries(failures))('is stored all the same: %s', async (name, input) => {
    const spy = vi.spyOn(Object.getPrototypeOf(env.IMAGES), 'input').mockImplementation(input);
    // The sandbox's pictures are PNG, which needs no binding: the look fails there too, and the check that follows does not.
    const fails = () => {
      throw new Error('no inflating just now');
    };
    vi.stubGlobal('DecompressionStream', vi.fn(DecompressionStream).mockImplementationOnce(fails));
    try {
      const response = await generate({ prompt: `glimpse: ${name}`, seed: 1 });
      expect(response.status).toBe(200);
      expect(traitsOf(response)).toEqual([null, null, 'pinned']);
      const picture = await call(`/images/${fingerprintOf(response)}.png`);
      expect(traitsOf(picture)).toEqual([null, null, 'pinned']);
      expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(100);
    } finally {
      spy.mockRestore();
      vi.unstubAllGlobals();
    }
  });
});

describe('the native task', () => {
  it('has a srcset that a page can use as it is', async () => {
    const picture = await pictureOf({ prompt: 'srcset', seed: 1, width: 640, height: 320, output_format: 'webp' });
    expect(picture).toMatchObject({ determinism: 'pinned', color: expect.stringMatching(/^#/) });
    const sources = picture.srcset.split(', ').map((source) => source.split(' '));
    expect(sources.map(([, width]) => width)).toEqual(['160w', '320w', '480w', '640w']);
    expect(sources.at(-1)?.[0]).toBe(picture.url);
    for (const [url = '', width = ''] of sources) {
      expect(url.startsWith(`${origin}/images/`)).toBe(true);
      const size = probePicture(await bytesAt(url));
      expect(size).toMatchObject({ format: 'webp', width: Number.parseInt(width, 10) });
    }
  });

  it('has one of an exact size too, which its signature is good for', async () => {
    const picture = await pictureOf({
      prompt: 'srcset: exact',
      seed: 1,
      width: 330,
      height: 180,
      output_format: 'jpeg',
    });
    const urls = picture.srcset.split(', ').map((source) => source.split(' ')[0] ?? '');
    expect(urls).toHaveLength(3);
    expect(probePicture(await bytesAt(urls[1] ?? ''))).toMatchObject({ width: 320, height: 175 });
    const forged = urls[1]?.replace('w=320', 'w=321') ?? '';
    expect((await call(new URL(forged).pathname + new URL(forged).search, { key: null })).status).toBe(400);
  });

  it('has none before there is a picture', async () => {
    const { id } = await submitted({ prompt: 'srcset sandbox:error', seed: 1 });
    expect((await taskAt(id, 'failed')).picture).toBeNull();
  });
});

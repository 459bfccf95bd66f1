import { describe, expect, it } from 'vitest';
import { pictureBytes } from '../fixtures/pictures/picture-bytes';
import { callFal, fingerprintOf, imageIn, made, run, submit } from '../support/fal-caller';
import { bytesAt } from '../support/front-door';

const base64 = (name: Parameters<typeof pictureBytes>[0]) => pictureBytes(name).toBase64();

describe('references', () => {
  it('are ten at the most, of every format', async () => {
    const names = ['png', 'jpeg', 'webpLossy', 'gif', 'pngAlpha', 'pngPalette', 'jpegExif', 'webpLossless'] as const;
    const image_urls = [...names, ...(['gifAlpha', 'jpegProgressive'] as const)].map(base64);
    const response = await run({ prompt: 'fal: ten', image_urls }, { isEdit: true });
    expect(response.status).toBe(200);
    const recipe = await callFal(`/images/${fingerprintOf(response)}.json`, { key: null });
    const { recipe: made } = await recipe.json<{ recipe: { references: object[] } }>();
    expect(made.references).toHaveLength(10);
  });

  it('stand for the same picture as base64, as a data URI and as one of our own URLs', async () => {
    const { url } = imageIn(await made({ prompt: 'fal: the reference', seed: 1 }));
    const bytes = (await bytesAt(url)).toBase64();
    const prints = await Promise.all(
      [url, bytes, `data:image/png;base64,${bytes}`].map(async (reference) =>
        fingerprintOf(await submit({ prompt: 'fal: edited', seed: 1, image_urls: [reference] }, { isEdit: true })),
      ),
    );
    expect(prints[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(prints).size).toBe(1);
  });

  it('give an edit the size of the first where none is asked for', async () => {
    const reference = imageIn(await made({ prompt: 'fal: 176 by 100', image_size: { width: 176, height: 100 } })).url;
    for (const image_size of [undefined, 'auto']) {
      const input = { prompt: 'fal: auto', image_size, image_urls: [reference, base64('png')] };
      const image = imageIn(await made(input, { isEdit: true }));
      expect([image.width, image.height]).toEqual([176, 100]);
    }
  });
});

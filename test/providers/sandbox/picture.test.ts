import { describe, expect, it } from 'vitest';
import type { ImageRequest } from '../../../src/core/image-request';
import { renderSize } from '../../../src/core/size';
import { drawPicture } from '../../../src/providers/sandbox/picture';
import { sandboxProvider } from '../../../src/providers/sandbox/sandbox';
import { readPng } from './read-png';
import { contextAt, referenceOf, requestWith } from './requests';

const draw = (changes: Partial<ImageRequest> = {}) => drawPicture(requestWith(changes), contextAt(0));
const deepJson = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}"deep"${'}'.repeat(depth)}`);

describe('the picture of the sandbox', () => {
  it('is collected from the provider, and again', async () => {
    const provider = sandboxProvider({ latencyMs: 0 });
    const collect = () => provider.collect({ id: 'any' }, requestWith(), contextAt(Math.floor(performance.now())));
    expect(await collect()).toEqual(await collect());
    expect(await collect()).toEqual(await draw());
  });

  it.each([
    [64, 64],
    [512, 512],
    [1000, 700],
    [640, 96],
    [64, 1024],
  ])('has exactly the render size of %i×%i', async (width, height) => {
    const png = await readPng(
      await draw({ width, height, prompt: 'Poster "Hello there" with "more to read" in #123456' }),
    );
    expect({ width: png.width, height: png.height }).toEqual(renderSize({ width, height }));
  });

  it.each<[string, Partial<ImageRequest>]>([
    ['seed', { seed: 43 }],
    ['steps', { steps: 21 }],
    ['guidance', { guidance: 5.5 }],
    ['text', { prompt: 'A lighthouse at dawn' }],
    ['lettering', { prompt: 'A lighthouse at "dusk"' }],
    ['upsampling', { promptUpsampling: true }],
    ['safety tolerance', { safetyTolerance: 3 }],
    ['size', { width: 272 }],
    ['references', { references: [referenceOf('a', 'image/webp', 100)] }],
  ])('changes with its %s', async (_, changes) => {
    expect(await draw(changes)).not.toEqual(await draw());
  });

  it('has the colours of the prompt, exactly and in large areas', async () => {
    const colours = ['#e4572e', '#17255a', '#f5b700'];
    const plain = await readPng(await draw({ prompt: `A poster in ${colours.join(', ')}` }));
    const lettered = await readPng(await draw({ prompt: `"Hello" in ${colours.join(', ').toUpperCase()}` }));
    for (const colour of colours) {
      expect(plain.count(colour)).toBeGreaterThan(256 * 256 * 0.03);
      expect(lettered.count(colour)).toBeGreaterThan(256 * 256 * 0.02);
    }
  });

  it('says that it is a sandbox picture, made by an algorithm', async () => {
    const { texts } = await readPng(await draw());
    expect(texts.get('Software')).toBe('Fluxgate sandbox');
    expect(texts.get('XML:com.adobe.xmp')).toContain('digitalsourcetype/algorithmicMedia');
    expect(texts.get('XML:com.adobe.xmp')).toContain('A sandbox picture by Fluxgate');
  });
});

describe('references', () => {
  it('are composed in', async () => {
    const file = await draw({ prompt: 'All in #12ab34 "A"', width: 128, height: 128 });
    const reference = referenceOf('b', 'image/png', 128);
    const context = contextAt(0, new Map([[reference.sha256, file]]));
    const png = await readPng(await drawPicture(requestWith({ references: [reference], seed: 7 }), context));
    expect(png.count('#12ab34')).toBeGreaterThan(100);
  });

  it('that cannot be decoded are shown as tiles', async () => {
    const broken = referenceOf('c', 'image/jpeg', 300);
    const context = contextAt(0, new Map([[broken.sha256, Uint8Array.from(new TextEncoder().encode('not a JPEG'))]]));
    const references = [broken, referenceOf('d', 'image/webp', 300), referenceOf('e', 'image/png', 8000)];
    expect((await readPng(await drawPicture(requestWith({ references }), context))).width).toBe(256);
  });
});

describe('hostile prompts', () => {
  it.each<[string, ImageRequest['prompt']]>([
    ['control characters', '\u0000\u0001\u001f\u007f "A\u0000B\ufffe"'],
    ['lone surrogates', '\ud800 "x\udc00y" \udbff'],
    ['markup', '"</text></svg><script>alert(1)</script>" <!-- ]]> &amp; &#0; "'],
    ['entities', '<!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b "&a;&a;">]> "&a; &lol9;"'],
    ['32,000 letters', `"${'w'.repeat(31_998)}"`],
    ['32,000 opening marks', '“'.repeat(32_000)],
    ['32,000 apostrophes', "'a ".repeat(10_666)],
    ['a pile of accents', `"Z${'\u0301\u0323'.repeat(4000)}"`],
    ['emoji', '"👩‍👩‍👧‍👦 ❤️ 🏳️‍🌈" 😀'.repeat(50)],
    ['right to left', '"שלום עולם" «مرحبا بالعالم» \u202eabc'],
    [
      'thousands of colours',
      Array.from({ length: 4000 }, (_, index) => `#${(index + 4096).toString(16).padStart(6, '0')}`).join(' '),
    ],
    ['nothing', ''],
    ['blanks in quotes', '"   " "\n\n" \'  \''],
    [
      'prototype keys',
      JSON.parse('{"__proto__": {"text": "Hi"}, "constructor": "x", "text": [null, 1, true, "Hello"]}'),
    ],
    ['deep JSON', deepJson(60)],
    ['deep JSON as text', JSON.stringify(deepJson(2000))],
  ])('of %s are drawn all the same', async (_, prompt) => {
    for (const [width, height] of [
      [64, 64],
      [208, 144],
    ] as const) {
      expect((await readPng(await draw({ prompt, width, height }))).width).toBe(width);
    }
  });
});

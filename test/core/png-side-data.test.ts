import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { joinBytes } from '../../src/core/containers/byte-parts';
import { pngChunkBytes } from '../../src/core/containers/png-chunks';
import { isSideDataSound } from '../../src/core/png-side-data';
import { type PictureName, pictureBytes } from '../fixtures/pictures/picture-bytes';
import { pngFile } from '../support/png-file';
import { deflated } from '../support/zlib-data';

type Bytes = Uint8Array<ArrayBuffer>;

const latin = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const chunkOf = (before: string, data: Bytes) => [...latin(before), ...data];
const dot = { colourType: 0, width: 1, rows: [[7]] };
const withChunk = (type: string, before: string, data: Bytes) =>
  pngFile({ ...dot, chunks: { [type]: chunkOf(before, data) } });

/** A dot with so many compressed texts. */
async function withTexts(texts: readonly Bytes[]): Promise<Bytes> {
  const file = await pngFile(dot);
  const chunks = texts.map((text) => pngChunkBytes('zTXt', text));
  return joinBytes([file.subarray(0, 33), ...chunks, file.subarray(33)]);
}
/** Bytes of ones: no block begins with them. */
const brokenBlock = new Uint8Array(100).fill(255);

/** How each kind begins, before its compressed data. */
const beginnings: readonly (readonly [string, string])[] = [
  ['zTXt', 'Comment\0\0'],
  ['iCCP', 'sRGB\0\0'],
  ['iTXt', 'XML:com.adobe.xmp\0\x01\0de\0Kommentar\0'],
];

describe('what is compressed beside the pixels of a PNG', () => {
  let bomb: Bytes;
  let large: Bytes;

  beforeAll(async () => {
    bomb = await deflated(new Uint8Array(60_000_000));
    large = await deflated(crypto.getRandomValues(new Uint8Array(60_000)));
  });

  afterEach(() => vi.restoreAllMocks());

  it.each<PictureName>(['png', 'pngAlpha', 'pngPalette'])('is sound in %s', async (name) => {
    expect(await isSideDataSound(pictureBytes(name))).toBe(true);
  });

  it.each(beginnings)('is not where %s inflates to far too much', async (type, before) => {
    expect(bomb.length).toBeLessThan(100_000);
    expect(await isSideDataSound(await withChunk(type, before, bomb))).toBe(false);
  });

  it.each(beginnings)('is where %s is as large as a real one may be', async (type, before) => {
    expect(large.length).toBeGreaterThan(8_000);
    expect(await isSideDataSound(await withChunk(type, before, large))).toBe(true);
  });

  it('is not where each inflates to little enough, and all together to too much', async () => {
    const half = await deflated(new Uint8Array(5_000_000));
    const chunks = Object.fromEntries(beginnings.map(([type, before]) => [type, chunkOf(before, half)]));
    expect(await isSideDataSound(await withChunk('zTXt', 'Comment\0\0', half))).toBe(true);
    expect(await isSideDataSound(await pngFile({ ...dot, chunks }))).toBe(false);
  });

  it('is not where it inflates to too much before it breaks off', async () => {
    const cut = bomb.slice(0, -100);
    expect(await isSideDataSound(await withChunk('zTXt', 'Comment\0\0', cut))).toBe(false);
  });

  it.each([
    [256, true],
    [257, false],
    [20_000, false],
  ])('is what it is with %i texts that say little: sound is %s', async (count, isSound) => {
    const text = Uint8Array.from(chunkOf('Comment\0\0', await deflated(crypto.getRandomValues(new Uint8Array(40)))));
    expect(await isSideDataSound(await withTexts(Array.from({ length: count }, () => text)))).toBe(isSound);
  });

  it('costs no time however many there are: none is inflated', async () => {
    const text = Uint8Array.from(chunkOf('Comment\0\0', await deflated(new Uint8Array(300))));
    const file = await withTexts(Array.from({ length: 20_000 }, () => text));
    const streams = vi.spyOn(globalThis, 'DecompressionStream');
    expect(await isSideDataSound(file)).toBe(false);
    expect(streams).not.toHaveBeenCalled();
  });

  it('counts what breaks off for all that it may have come to', async () => {
    const broken = Uint8Array.from(chunkOf('Comment\0\0', Uint8Array.from([...bomb.slice(0, 2_000), ...brokenBlock])));
    expect(await isSideDataSound(await withTexts([broken]))).toBe(true);
    expect(await isSideDataSound(await withTexts(Array.from({ length: 10 }, () => broken)))).toBe(false);
  });

  it.each<readonly [string, string]>([
    ['tEXt', 'Comment\0'],
    ['iTXt', 'Comment\0\0\0\0\0'],
    ['eXIf', ''],
    ['zTXt', 'no end to its name'],
    ['zTXt', 'Comment\0'],
    ['iTXt', 'Comment\0\x01\0'],
    ['iCCP', ''],
  ])('is what no decoder inflates: %s that begins with %j', async (type, before) => {
    const plain = new Uint8Array(20_000).fill(65);
    expect(await isSideDataSound(await withChunk(type, before, plain))).toBe(true);
  });
});

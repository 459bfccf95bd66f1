import { describe, expect, it } from 'vitest';
import { joinBytes, textBytes, uintBytes, uintBytesLittleEndian } from '../../src/core/containers/byte-parts';
import { isoBoxBytes } from '../../src/core/containers/iso-boxes';
import { pngChunkBytes } from '../../src/core/containers/png-chunks';
import { riffChunkBytes, webpBytes } from '../../src/core/containers/riff-chunks';
import { probePicture } from '../../src/core/picture-probe';
import { pictureBytes, pictureNames } from '../fixtures/pictures/picture-bytes';

const zeros = (length: number) => new Uint8Array(length);
const pngSignature = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const pngStart = joinBytes([
  pngSignature,
  pngChunkBytes('IHDR', joinBytes([uintBytes(5, 4), uintBytes(6, 4), zeros(5)])),
]);
const jpegStart = Uint8Array.from([0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 6, 0, 5, 1, 1, 0x11, 0]);
const extendedWebp = (chunks: readonly Uint8Array[]) => webpBytes([riffChunkBytes('VP8X', zeros(10)), ...chunks]);
const fileType = (...brands: string[]) => isoBoxBytes('ftyp', [textBytes('mif1'), zeros(4), ...brands.map(textBytes)]);
const metaOf = (...parts: Uint8Array[]) => isoBoxBytes('meta', [zeros(4), ...parts]);
const sizeProperty = (width: number, height: number) =>
  isoBoxBytes('ispe', [zeros(4), uintBytes(width, 4), uintBytes(height, 4)]);
const sizedMeta = metaOf(isoBoxBytes('iprp', [isoBoxBytes('ipco', [sizeProperty(5, 6)])]));

/** Square, with as good as no pixels in it. */
const oneFrameGif = ({ screen, frame }: { screen: number; frame: number }) => {
  const two = (value: number) => uintBytesLittleEndian(value, 2);
  const head = [textBytes('GIF89a'), two(screen), two(screen), zeros(3)];
  const image = [Uint8Array.from([0x2c]), zeros(4), two(frame), two(frame), zeros(1), Uint8Array.from([2, 0])];
  return joinBytes([...head, ...image, Uint8Array.from([0x3b])]);
};

describe('probePicture', () => {
  it('calls a GIF whole whose frame fills its screen', () => {
    expect(probePicture(oneFrameGif({ screen: 9, frame: 9 }))).toMatchObject({ width: 9, isComplete: true });
  });

  it.each(pictureNames)('knows the format and size of %s, and that it is whole', (name) => {
    const format = /^(png|jpeg|webp|gif|avif)/.exec(name)?.[0];
    expect(probePicture(pictureBytes(name))).toEqual({
      format,
      contentType: `image/${format}`,
      width: 35,
      height: 21,
      isComplete: true,
    });
  });

  it.each(pictureNames)('never calls a prefix of %s whole, and never throws', (name) => {
    const bytes = pictureBytes(name);
    for (let length = 0; length < bytes.length; length += 1) {
      const probe = probePicture(bytes.subarray(0, length));
      expect(probe === null || (probe.width === 35 && !probe.isComplete), `${length} of ${bytes.length}`).toBe(true);
    }
  });

  it.each(pictureNames)('never throws at %s with any byte changed', (name) => {
    const bytes = pictureBytes(name);
    for (const value of [0x00, 0x01, 0x7f, 0xff]) {
      for (let at = 0; at < bytes.length; at += 1) {
        const original = bytes[at] ?? 0;
        bytes[at] = value;
        expect(() => probePicture(bytes)).not.toThrow();
        bytes[at] = original;
      }
    }
  });

  it.each(['png', 'jpeg', 'jpegProgressive', 'gif'] as const)('tolerates padding behind %s', (name) => {
    expect(probePicture(joinBytes([pictureBytes(name), zeros(9)]))?.isComplete).toBe(true);
  });

  it('reads from the view that it is given, not from the buffer under it', () => {
    const bytes = pictureBytes('png');
    const shifted = joinBytes([zeros(3), bytes]).subarray(3);
    expect(probePicture(shifted)).toEqual(probePicture(bytes));
  });

  it.each<[string, Uint8Array]>([
    ['nothing', zeros(0)],
    ['zeros', zeros(4096)],
    ['text', textBytes('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a PNG of no width', joinBytes([pngSignature, pngChunkBytes('IHDR', zeros(13))])],
    ['a JPEG of fill bytes alone', joinBytes([Uint8Array.from([0xff, 0xd8]), zeros(4096).fill(0xff)])],
    ['a JPEG without a frame', Uint8Array.from([0xff, 0xd8, 0xff, 0xd9])],
    ['a JPEG segment shorter than its length', Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 1, 0xff, 0xd9])],
    ['sound in RIFF', joinBytes([textBytes('RIFF'), uintBytesLittleEndian(4, 4), textBytes('WAVE')])],
    ['a WebP of an unknown kind', webpBytes([riffChunkBytes('VP9 ', zeros(30))])],
    ['HEIC', joinBytes([fileType('heic', 'mif1'), sizedMeta])],
    ['AVIF without a size', joinBytes([fileType('avif'), metaOf()])],
    ['AVIF whose first box is smaller than a box can be', joinBytes([uintBytes(7, 4), textBytes('ftypavif')])],
    ['AVIF with a box that ends before it starts', joinBytes([fileType('avif'), uintBytes(0, 3), uintBytes(4, 5)])],
    [
      'AVIF with a box of 2^63 bytes',
      joinBytes([fileType('avif'), uintBytes(1, 4), textBytes('meta'), zeros(8).fill(127)]),
    ],
  ])('does not take %s for a picture', (_, bytes) => {
    expect(probePicture(bytes)).toBeNull();
  });

  it.each<[string, Uint8Array]>([
    ['a PNG chunk of 4 GB', joinBytes([pngStart, uintBytes(0xffffffff, 4), textBytes('IDAT')])],
    ['a PNG without pixels', joinBytes([pngStart, pngChunkBytes('IEND', zeros(0))])],
    ['a PNG of 100,000 chunks', joinBytes([pngStart, ...Array(100_000).fill(pngChunkBytes('IDAT', zeros(0)))])],
    ['a GIF whose frame is larger than its screen', oneFrameGif({ screen: 1, frame: 65_535 })],
    ['a JPEG without a scan', joinBytes([jpegStart, Uint8Array.from([0xff, 0xd9])])],
    ['a WebP chunk of 4 GB', extendedWebp([joinBytes([textBytes('VP8 '), uintBytes(0xffffffff, 4)])])],
    ['a WebP without pixels', extendedWebp([])],
    ['AVIF without locations', joinBytes([fileType('avif'), sizedMeta])],
  ])('does not call %s whole', (_, bytes) => {
    expect(probePicture(bytes)).toMatchObject({ isComplete: false });
  });

  it.each([1_000_000, 4_000_000_000])('does not allocate for %d locations that a file announces', (count) => {
    const locations = isoBoxBytes('iloc', [Uint8Array.from([2, 0, 0, 0, 0, 0]), uintBytes(count, 4), zeros(90_000)]);
    const properties = isoBoxBytes('iprp', [isoBoxBytes('ipco', [sizeProperty(5, 6)])]);
    const bytes = joinBytes([fileType('avif'), metaOf(properties, locations)]);
    expect(probePicture(bytes)).toMatchObject({ width: 5, height: 6, isComplete: false });
  });

  it('takes the largest size of an AVIF: tiles and thumbnails have theirs too', () => {
    const sizes = [sizeProperty(5, 6), sizeProperty(50, 60), sizeProperty(7, 8)];
    const bytes = joinBytes([fileType('avif'), metaOf(isoBoxBytes('iprp', [isoBoxBytes('ipco', sizes)]))]);
    expect(probePicture(bytes)).toMatchObject({ width: 50, height: 60 });
  });

  it('never throws at random bytes behind the start of any format', () => {
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    };
    for (const name of pictureNames) {
      for (let round = 0; round < 100; round += 1) {
        const start = pictureBytes(name).subarray(0, 12 + random());
        const noise = Uint8Array.from({ length: 512 }, random);
        expect(() => probePicture(joinBytes([start, noise]))).not.toThrow();
      }
    }
  });
});

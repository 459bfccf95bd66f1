import { describe, expect, it } from 'vitest';
import { markPicture, type PictureMark } from '../../src/core/ai-mark';
import { joinBytes, textBytes } from '../../src/core/containers/byte-parts';
import { ByteReader } from '../../src/core/containers/byte-reader';
import { isoBoxBytes, isoBoxes, onlyBox } from '../../src/core/containers/iso-boxes';
import { readItemLocations } from '../../src/core/containers/item-locations';
import { jpegSegments } from '../../src/core/containers/jpeg-segments';
import { pngChunks } from '../../src/core/containers/png-chunks';
import { riffChunks } from '../../src/core/containers/riff-chunks';
import { probePicture } from '../../src/core/picture-probe';
import { formats } from '../../src/core/rendition';
import { type PictureName, pictureBytes, pictureNames } from '../fixtures/pictures/picture-bytes';

type Bytes = Uint8Array<ArrayBuffer>;

const mark: PictureMark = { fingerprint: 'ab'.repeat(32), isSandbox: false, generator: 'Fluxgate, FLUX.2 [flex]' };
const markable = pictureNames.filter((name) => !name.startsWith('gif'));
const formatOf = (name: PictureName) => formats.find((format) => name.startsWith(format)) ?? 'png';
const markOf = (name: PictureName, changes: Partial<PictureMark> = {}) =>
  markPicture(pictureBytes(name), formatOf(name), { ...mark, ...changes });
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const countOf = (bytes: Uint8Array, text: string) => textOf(bytes).split(text).length - 1;
const boxesOf = (bytes: Bytes) => [...isoBoxes(new ByteReader(bytes), 0, bytes.length)];

/** The coded pixels of each format, as a decoder finds them. */
const codedPixels: Readonly<Record<(typeof formats)[number], (bytes: Bytes) => readonly Uint8Array[]>> = {
  png: (bytes) =>
    [...pngChunks(new ByteReader(bytes))]
      .filter(({ type }) => ['IHDR', 'PLTE', 'IDAT', 'tRNS'].includes(type))
      .map(({ start, end }) => bytes.slice(start, end)),
  jpeg: (bytes) =>
    [...jpegSegments(new ByteReader(bytes))]
      .filter(({ marker }) => marker < 0xe0 && marker !== 0xd9)
      .map(({ marker, start, end }) => bytes.slice(start, marker === 0xda ? bytes.length : end)),
  webp: (bytes) =>
    [...riffChunks(new ByteReader(bytes))]
      .filter(({ type }) => ['VP8 ', 'VP8L', 'ALPH'].includes(type))
      .map(({ dataStart, dataEnd }) => bytes.slice(dataStart, dataEnd)),
  avif: (bytes) => avifItems(bytes).filter((item) => !textOf(item).includes('xmpmeta')),
};

function avifItems(bytes: Bytes): readonly Uint8Array[] {
  const reader = new ByteReader(bytes);
  const meta = onlyBox(boxesOf(bytes), 'meta');
  const locations = onlyBox([...isoBoxes(reader, meta.dataStart + 4, meta.end)], 'iloc');
  return readItemLocations(reader, locations).items.map(({ baseOffset, extents }) =>
    joinBytes(extents.map(({ offset, length }) => reader.slice(baseOffset + offset, baseOffset + offset + length))),
  );
}

describe('markPicture', () => {
  it.each(markable)('marks %s as made by an AI, once, and leaves it whole', (name) => {
    const marked = markOf(name);
    expect(probePicture(marked)).toEqual(probePicture(pictureBytes(name)));
    expect(countOf(marked, '<?xpacket begin')).toBe(1);
    expect(countOf(marked, '/digitalsourcetype/trainedAlgorithmicMedia<')).toBe(1);
    expect(countOf(marked, `<dc:identifier>urn:fluxgate:${mark.fingerprint}<`)).toBe(1);
    expect(countOf(marked, '<xmp:CreatorTool>Fluxgate, FLUX.2 [flex]<')).toBe(1);
    expect(countOf(marked, 'sandbox')).toBe(0);
  });

  it.each(markable)('keeps the coded pixels of %s byte for byte', (name) => {
    const pixelsOf = codedPixels[formatOf(name)];
    const before = pixelsOf(pictureBytes(name));
    expect(before.length).toBeGreaterThan(0);
    expect(pixelsOf(markOf(name))).toEqual(before);
  });

  it.each(markable)('replaces the mark of %s that it has', (name) => {
    const marked = markOf(name);
    expect(markPicture(marked, formatOf(name), mark)).toEqual(marked);
    const sandbox = markPicture(marked, formatOf(name), { ...mark, isSandbox: true });
    expect(sandbox).toEqual(markOf(name, { isSandbox: true }));
    expect(countOf(sandbox, '/digitalsourcetype/trainedAlgorithmicMedia<')).toBe(1);
    expect(countOf(marked, 'A sandbox picture')).toBe(0);
    expect(countOf(sandbox, 'A sandbox picture')).toBe(1);
  });

  it('escapes what is markup, and leaves out what XML cannot say', () => {
    const marked = textOf(markOf('png', { generator: '<b>&\u0000"\uD800' }));
    expect(marked).toContain('<xmp:CreatorTool>&lt;b&gt;&amp; " <');
  });

  it.each(markable)('gives %s that is cut short back as it is', (name) => {
    const bytes = pictureBytes(name);
    for (let length = 0; length < bytes.length; length += 1) {
      const prefix = bytes.slice(0, length);
      expect(markPicture(prefix, formatOf(name), mark)).toBe(prefix);
    }
  });

  it.each(formats)('gives a picture of another format back as it is when told that it is %s', (format) => {
    for (const name of pictureNames.filter((candidate) => !candidate.startsWith(format))) {
      const bytes = pictureBytes(name);
      expect(markPicture(bytes, format, mark)).toBe(bytes);
    }
  });

  it.each(markable)('never throws at %s with any byte changed', (name) => {
    const bytes = pictureBytes(name);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.slice();
      changed[at] = 0xff;
      expect(() => markPicture(changed, formatOf(name), mark)).not.toThrow();
    }
  });

  it('writes a PNG text chunk with the CRC that decoders check', () => {
    const marked = markOf('png');
    const chunks = [...pngChunks(new ByteReader(marked))];
    expect(chunks.slice(0, 2).map(({ type }) => type)).toEqual(['IHDR', 'iTXt']);
    const [, text] = chunks;
    const checked = marked.subarray((text?.start ?? 0) + 4, text?.dataEnd);
    expect(new ByteReader(marked).uint(text?.dataEnd ?? 0, 4)).toBe(crc32(checked));
  });

  it('puts the XMP of a JPEG behind JFIF and EXIF, which have to be first', () => {
    const markers = (name: PictureName) => [...jpegSegments(new ByteReader(markOf(name)))].map(({ marker }) => marker);
    expect(markers('jpegExif').slice(0, 2)).toEqual([0xe1, 0xe1]);
    const jfif = joinBytes([Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 7]), textBytes('JFIF\0')]);
    const marked = markPicture(joinBytes([jfif, pictureBytes('jpeg').subarray(2)]), 'jpeg', mark);
    expect([...jpegSegments(new ByteReader(marked))].slice(0, 2).map(({ marker }) => marker)).toEqual([0xe0, 0xe1]);
  });

  it('leaves a JPEG as it is when the packet is longer than a segment', () => {
    const bytes = pictureBytes('jpeg');
    expect(markPicture(bytes, 'jpeg', { ...mark, generator: 'a'.repeat(70_000) })).toBe(bytes);
  });

  it.each<[PictureName, number]>([
    ['webpLossy', 0x04],
    ['webpLossless', 0x04],
    ['webpLosslessAlpha', 0x14],
    ['webpLossyAlpha', 0x14],
  ])('states in the extended header of %s the flags %i', (name, flags) => {
    const simple = simpleWebp(pictureBytes(name));
    for (const bytes of [pictureBytes(name), simple]) {
      const marked = markPicture(bytes, 'webp', mark);
      const reader = new ByteReader(marked);
      const chunks = [...riffChunks(reader)].map(({ type }) => type);
      expect([chunks[0], chunks.at(-1)]).toEqual(['VP8X', 'XMP ']);
      expect(reader.uint8(20)).toBe(flags);
      expect([reader.uintLittleEndian(24, 3), reader.uintLittleEndian(27, 3)]).toEqual([34, 20]);
      expect(reader.uintLittleEndian(4, 4) + 8).toBe(marked.length);
    }
  });

  it.each<[string, (bytes: Bytes) => Uint8Array]>([
    ['a sequence', (bytes) => joinBytes([bytes, isoBoxBytes('moov', [])])],
    ['a box without an end', (bytes) => joinBytes([bytes, new Uint8Array(4), textBytes('free')])],
    ['two meta boxes', (bytes) => joinBytes([bytes, isoBoxBytes('meta', [new Uint8Array(4)])])],
  ])('leaves AVIF with %s as it is', (_, change) => {
    const bytes = joinBytes([change(pictureBytes('avif'))]);
    expect(markPicture(bytes, 'avif', mark)).toBe(bytes);
  });

  it.each([false, true])('marks AVIF with its data before its description (%s)', (isBefore) => {
    const original = pictureBytes('avif');
    const bytes = isBefore ? dataFirst(original) : original;
    const marked = markPicture(bytes, 'avif', mark);
    expect(avifItems(marked).slice(0, -1)).toEqual(avifItems(original));
    expect(textOf(avifItems(marked).at(-1) ?? new Uint8Array())).toMatch(/^\uFEFF?<\?xpacket begin/);
  });
});

/** Without the extended header, where the file is one that can be without. */
function simpleWebp(bytes: Bytes): Bytes {
  const chunks = [...riffChunks(new ByteReader(bytes))];
  const pixels = chunks.find(({ type }) => type === 'VP8 ' || type === 'VP8L');
  if (pixels === undefined || chunks.some(({ type }) => type === 'ALPH')) return bytes;
  const data = bytes.slice(pixels.start, pixels.dataEnd + (pixels.dataEnd % 2));
  const size = new Uint8Array(new Uint32Array([data.length + 4]).buffer);
  return joinBytes([textBytes('RIFF'), size, textBytes('WEBP'), data]);
}

/** The same AVIF file with `mdat` before `meta`: the base offset of its one item moves by the length of `meta`. */
function dataFirst(bytes: Bytes): Bytes {
  const [fileType, meta, data] = boxesOf(bytes);
  if (fileType === undefined || meta?.type !== 'meta' || data?.type !== 'mdat')
    throw new Error('not as sharp writes it');
  const moved = bytes.slice(meta.start, meta.end);
  const baseAt = textOf(moved.map((byte) => (byte < 128 ? byte : 63))).indexOf('iloc') + 16;
  const view = new DataView(moved.buffer);
  view.setUint32(baseAt, view.getUint32(baseAt) - moved.length);
  return joinBytes([bytes.subarray(0, meta.start), bytes.subarray(data.start, data.end), moved]);
}

/** Bit by bit, from the polynomial: the table of the code under test is not asked. */
function crc32(bytes: Uint8Array): number {
  let remainder = ~0;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit += 1) {
      const isOdd = ((remainder ^ (byte >> bit)) & 1) === 1;
      remainder = isOdd ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    }
  }
  return ~remainder >>> 0;
}

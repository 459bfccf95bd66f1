import * as fc from 'fast-check';
import { pngFile } from '../support/png-file';

const edge = 64;

/** Small pictures of one colour each, whole and sound: what a reference may be. */
const colours = [10, 20, 30, 40];
export const pngs: readonly Uint8Array<ArrayBuffer>[] = await Promise.all(
  colours.map((grey) => pngFile({ colourType: 0, width: edge, rows: Array(edge).fill(Array(edge).fill(grey)) })),
);

const dataUrl = (bytes: Uint8Array) => `data:image/png;base64,${bytes.toBase64()}`;

/** A reference as JSON carries it. */
export const goodPicture: fc.Arbitrary<string> = fc
  .constantFrom(...pngs)
  .chain((bytes) => fc.constantFrom(dataUrl(bytes), bytes.toBase64()));

/** What pretends to be one. Nothing that would be asked of a network: only addresses that are refused before. */
export const badPicture: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['http://127.0.0.1/x.png', 'https://localhost/x.png', 'file:///etc/passwd', 'https://[::1]/', 'https://'],
    ...['data:image/png;base64,', 'data:image/svg+xml;base64,PHN2Zy8+', 'data:,x', 'data:', '', ' ', '/', '..', '%00'],
    ...['javascript:alert(1)', 'https://10.0.0.1:99999/', 'http://0x7f000001/', 'https://a@127.0.0.1/', 'ftp://x/y'],
    ...['uploads/none.png', '/images/none.png', 'http://127.0.0.1/images/%ff.png', 'http://127.0.0.1/uploads/a.png'],
  ),
  fc.string({ unit: 'binary' }),
  fc.base64String(),
  goodPicture.chain((text) => fc.nat(text.length).map((length) => text.slice(0, length))),
  fc.uint8Array({ maxLength: 40 }).map((tail) => dataUrl(Uint8Array.from([...(pngs[0] ?? []).slice(0, 40), ...tail]))),
);

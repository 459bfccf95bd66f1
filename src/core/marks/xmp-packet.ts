import { textBytes } from '../containers/byte-parts';

/** What a mark says of a picture. */
export interface PictureMark {
  readonly fingerprint: string;
  /** Drawn by our own sandbox, not by a trained model. */
  readonly isSandbox: boolean;
  /** The software that made it, as a person may read it: `Fluxgate, FLUX.2 [flex]`. */
  readonly generator: string;
}

/** https://cv.iptc.org/newscodes/digitalsourcetype/ */
const sourceType = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';
const sandboxDescription = 'A sandbox picture: drawn for a test by a program in place of the AI model.';

/**
 * The mark as an XMP packet in UTF-8. Equal marks give equal packets.
 * https://iptc.org/std/photometadata/specification/ ("Digital Source Type")
 */
export function xmpPacket(mark: PictureMark): Uint8Array {
  const description = mark.isSandbox
    ? `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${sandboxDescription}</rdf:li></rdf:Alt></dc:description>`
    : '';
  return textBytes(
    [
      '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
      '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"',
      ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">',
      `<Iptc4xmpExt:DigitalSourceType>${sourceType}</Iptc4xmpExt:DigitalSourceType>`,
      `<xmp:CreatorTool>${escapeXml(mark.generator)}</xmp:CreatorTool>`,
      `<dc:identifier>urn:fluxgate:${escapeXml(mark.fingerprint)}</dc:identifier>${description}`,
      '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>',
    ].join(''),
  );
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text for between tags. Characters that XML 1.0 has no way to write become spaces. */
function escapeXml(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, ' ').replace(/[&<>]/g, (character) => entities[character] ?? '');
}

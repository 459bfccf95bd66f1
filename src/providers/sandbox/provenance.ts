import type { ImageRequest } from '../../core/image-request';
import { renderSize } from '../../core/size';
import type { PngText } from './png-file';
import { escapeXml } from './svg';

/** What a sandbox picture says of itself: made by an algorithm, not by a trained model. */
export function provenanceOf(request: ImageRequest): readonly PngText[] {
  return [
    { keyword: 'Software', text: 'Fluxgate sandbox', isInternational: false },
    { keyword: 'XML:com.adobe.xmp', text: xmpOf(request), isInternational: true },
  ];
}

/** https://iptc.org/std/photometadata/documentation/userguide/#_digital_source_type */
const sourceType = 'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia';

function xmpOf(request: ImageRequest): string {
  const { width, height } = renderSize(request);
  const description =
    'A sandbox picture by Fluxgate: drawn from the request by an algorithm, not made by FLUX.2 [flex]. ' +
    `seed ${request.seed}, steps ${request.steps}, guidance ${request.guidance}, ${width}x${height}`;
  return [
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"',
    ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"',
    ` xmp:CreatorTool="Fluxgate sandbox" Iptc4xmpExt:DigitalSourceType="${sourceType}">`,
    `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(description)}</rdf:li></rdf:Alt></dc:description>`,
    '</rdf:Description></rdf:RDF></x:xmpmeta>',
    '<?xpacket end="r"?>',
  ].join('');
}

import { formatOfExtension } from '../core/rendition';
import type { OwnPictures } from '../storage/reference-store';
import type { Ports } from './ports';

const picturePath = /^\/images\/([0-9a-f]{64})\.(png|jpg|jpeg|webp|avif)$/;

const uploadPath = /^\/uploads\/([\w-]{16,80})\.[a-z]{3,4}$/;

/**
 * Reads a reference that is one of our own pictures from the store rather than through the front door: editing what
 * was made here works on any host, loopback included.
 */
export function ownPictures(ports: Ports, origin: string): OwnPictures {
  return async (url) => {
    if (url.origin !== origin) return null;
    const upload = uploadPath.exec(url.pathname);
    if (upload?.[1] !== undefined) return await ports.uploads.bytes(upload[1]);
    const match = picturePath.exec(url.pathname);
    const format = formatOfExtension(match?.[2] ?? '');
    if (match?.[1] === undefined || format === null) return null;
    const whole = {
      format: format === 'avif' ? 'png' : format,
      quality: null,
      crop: null,
      width: null,
      height: null,
    } as const;
    const opened = await ports.pictures.open(match[1], { ...whole, fit: 'scale-down' });
    return opened === null ? null : new Uint8Array(await new Response(opened.body).arrayBuffer());
  };
}

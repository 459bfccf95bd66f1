import { useRef } from 'hono/jsx/dom';
import { thumbEdge, thumbPixels } from '../../client/thumb-hash';
import { useEffect } from './use-effect';
import { loadWords, usePictureLoad } from './use-picture-load';

export interface ThumbProps {
  readonly src: string;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
  readonly thumbhash?: string | null;
  readonly color?: string | null;
  /** What is said in its place where there is none. */
  readonly missing?: string;
}

/** A small picture on the blur of itself, or on its colour, until it is there. */
export function Thumb({ src, alt, width, height, thumbhash, color, missing = loadWords.gone }: ThumbProps) {
  const load = usePictureLoad(src);
  return (
    <span class="thumb" style={{ 'background-color': color ?? '' }}>
      {thumbhash ? <Blur hash={thumbhash} /> : null}
      {load.kind === 'shown' ? (
        <img key={load.turn} alt={alt} {...{ src, width, height }} loading="lazy" onError={load.fail} />
      ) : (
        <span class="hint">{load.kind === 'gone' ? missing : loadWords[load.kind]}</span>
      )}
    </span>
  );
}

function Blur({ hash }: { readonly hash: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const pixels = thumbPixels(hash);
    const context = canvas.current?.getContext('2d');
    if (pixels !== null && context) context.putImageData(new ImageData(pixels, thumbEdge, thumbEdge), 0, 0);
  }, [hash]);
  return <canvas ref={canvas} width={thumbEdge} height={thumbEdge} />;
}

/** A small file of a picture where anybody may have one; a private picture's URL is signed for itself alone. */
export function thumbUrl(url: string, fingerprint: string, width = 480): string {
  const { pathname, origin } = new URL(url, location.origin);
  return pathname.startsWith('/images/') ? `${origin}/images/${fingerprint}.webp?w=${width}` : url;
}

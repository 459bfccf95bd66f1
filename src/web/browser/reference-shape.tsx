import type { ModelLimits } from '../site-facts';
import type { Bench } from './bench-state';

export interface ReferenceShapeProps {
  readonly bench: Bench;
  readonly limits: ModelLimits;
  readonly take: (size: Size) => void;
  /** Says why it cannot. */
  readonly say: (words: string) => void;
}

/** Takes over the shape of the first reference, at about the area that is chosen. */
export function ReferenceShape({ bench, limits, take, say }: ReferenceShapeProps) {
  const [first] = bench.references;
  const match = async () => {
    const shape = first === undefined ? null : await shapeAt(first);
    if (shape === null) return say('Only pictures that are kept here can be measured.');
    take(sizeLike(shape, bench.width * bench.height, limits));
  };
  return (
    <p>
      <button type="button" class="button plain small" disabled={first === undefined} onClick={() => void match()}>
        As the first reference
      </button>
    </p>
  );
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** null where it cannot be loaded: the page loads no picture of another site. */
async function shapeAt(url: string): Promise<Size | null> {
  const image = new Image();
  image.src = url;
  return await image.decode().then(
    () => ({ width: image.naturalWidth, height: image.naturalHeight }),
    () => null,
  );
}

/** Models want multiples of this. */
const grid = 16;

/** A size of that shape and about that area, on the grid and within the limits. */
export function sizeLike(shape: Size, area: number, limits: Pick<ModelLimits, 'edgePixels' | 'areaPixels'>): Size {
  const { edgePixels, areaPixels } = limits;
  const ratio = shape.width / shape.height;
  const edge = (pixels: number) => Math.min(edgePixels.max, Math.max(edgePixels.min, Math.round(pixels / grid) * grid));
  const width = edge(Math.sqrt(area * ratio));
  const height = edge(Math.sqrt(area / ratio));
  // Rounding up both may be a little too much of the largest area.
  return width * height <= areaPixels ? { width, height } : sizeLike(shape, area * 0.98, limits);
}

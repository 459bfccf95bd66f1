import { useState } from 'hono/jsx/dom';
import type { ModelLimits } from '../site-facts';
import type { Bench } from './bench-state';

export interface ReferenceShapeProps {
  readonly bench: Bench;
  readonly limits: ModelLimits;
  readonly change: (part: Partial<Bench>) => void;
}

/** Takes over the shape of the first reference, at about the area that is chosen. */
export function ReferenceShape({ bench, limits, change }: ReferenceShapeProps) {
  const [said, setSaid] = useState('');
  const [first] = bench.references;
  if (first === undefined) return null;
  const match = async () => {
    const shape = await shapeAt(first);
    setSaid(shape === null ? 'Its shape is not known here: only pictures that are kept here can be measured.' : '');
    if (shape !== null) change(sizeLike(shape, bench.width * bench.height, limits));
  };
  return (
    <p>
      <button type="button" class="button plain small" onClick={() => void match()}>
        As the first reference
      </button>{' '}
      <span class="hint" role="status">
        {said}
      </span>
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

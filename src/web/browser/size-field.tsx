import type { ModelLimits, SizePreset } from '../site-facts';
import type { Bench } from './bench-state';
import { type MarkField, useTypedNumber } from './number-fields';
import { ReferenceShape } from './reference-shape';
import { named, Segments } from './segments';

export interface SizeFieldProps {
  readonly bench: Bench;
  readonly presets: readonly SizePreset[];
  readonly limits: ModelLimits;
  readonly change: (part: Partial<Bench>) => void;
  readonly mark: MarkField;
}

/** The size: by shape and area, or to the pixel; drawn as a box in the largest one that fits. */
export function SizeField({ bench, presets, limits, change, mark }: SizeFieldProps) {
  const { width, height } = bench;
  const chosen = presets.find((preset) => preset.width === width && preset.height === height);
  const aspects = [...new Set(presets.map(({ aspect }) => aspect))];
  const areas = [...new Set(presets.map(({ megapixels }) => megapixels))];
  const choose = (aspect: string, megapixels: number) => {
    const preset = presets.find((one) => one.aspect === aspect && one.megapixels === megapixels);
    if (preset !== undefined) change({ width: preset.width, height: preset.height });
  };
  const area = chosen?.megapixels ?? nearest(areas, (width * height) / 1024 / 1024);
  return (
    <section class="field size-field" aria-label="Size">
      <div class="field-head">
        <h2>Size</h2>
        <span class="hint data">{((width * height) / 1e6).toFixed(2)} MP</span>
      </div>
      <div class="size-layout">
        <SizeBox width={width} height={height} />
        <div class="size-choices">
          <Segments
            class="wrap"
            label="Shape"
            choices={named(aspects)}
            chosen={chosen?.aspect ?? null}
            choose={(aspect) => choose(aspect, area)}
          />
          <Segments
            class="wrap"
            label="Megapixels"
            choices={areas.map((value) => ({ value, words: `${value} MP` }))}
            chosen={chosen?.megapixels ?? null}
            choose={(megapixels) => choose(chosen?.aspect ?? '1:1', megapixels)}
          />
          <Edges bench={bench} limits={limits} change={change} mark={mark} />
          <ReferenceShape bench={bench} limits={limits} change={change} />
        </div>
      </div>
    </section>
  );
}

function Edges({ bench: { width, height }, limits, change, mark }: Omit<SizeFieldProps, 'presets'>) {
  const range = { ...limits.edgePixels, isWhole: true, mark };
  const across = useTypedNumber({ id: 'width', value: width, ...range, set: (next) => change({ width: next }) });
  const down = useTypedNumber({ id: 'height', value: height, ...range, set: (next) => change({ height: next }) });
  const isTooLarge = width * height > limits.areaPixels;
  const areaWords = isTooLarge ? `At most ${limits.areaPixels / 1024 / 1024} megapixels, such as 2048 × 2048.` : '';
  return (
    <>
      <div class="edges">
        <label>
          <span>Width</span>
          <input {...across.input} id="width" />
        </label>
        <span aria-hidden="true">×</span>
        <label>
          <span>Height</span>
          <input {...down.input} id="height" />
        </label>
      </div>
      <p class="hint wrong" id="width-hint">
        {across.message || areaWords}
      </p>
      <p class="hint wrong" id="height-hint">
        {down.message}
      </p>
    </>
  );
}

/** The picture's frame with crop marks, in the square of the largest one. */
function SizeBox({ width, height }: { readonly width: number; readonly height: number }) {
  const scale = 76 / Math.max(width, height);
  const grown = 0.55 + 0.45 * Math.sqrt(Math.min(1, (width * height) / (2048 * 2048)));
  const [w, h] = [width * scale * grown, height * scale * grown];
  const [left, top] = [(100 - w) / 2, (100 - h) / 2];
  const [right, bottom] = [left + w, top + h];
  const marks = [
    [left, top, -1, -1],
    [right, top, 1, -1],
    [left, bottom, -1, 1],
    [right, bottom, 1, 1],
  ] as const;
  return (
    <svg class="size-box" viewBox="0 0 100 100" role="img" aria-label={`${width} by ${height} pixels`}>
      <rect x={left} y={top} width={w} height={h} class="frame" />
      {marks.map(([x, y, dx, dy]) => (
        <path d={`M${x + dx * 3} ${y}h${dx * 6}M${x} ${y + dy * 3}v${dy * 6}`} class="mark" />
      ))}
    </svg>
  );
}

function nearest(values: readonly number[], wanted: number): number {
  return values.reduce(
    (best, value) => (Math.abs(value - wanted) < Math.abs(best - wanted) ? value : best),
    values[0] ?? 1,
  );
}

import { useState } from 'hono/jsx/dom';
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
  const [taken, setTaken] = useState(0);
  const [note, setNote] = useState('');
  // Also where it is the size already: what was typed instead and cannot be used is gone.
  const take = (size: Size) => {
    setTaken((before) => before + 1);
    setNote('');
    change(size);
  };
  return (
    <section class="field size-field" aria-label="Size">
      <div class="field-head">
        <h2>Size</h2>
        <span class="hint data" key={width * height}>
          {((width * height) / 1e6).toFixed(2)} MP
        </span>
      </div>
      <div class="size-layout">
        <SizeBox width={width} height={height} />
        <div class="size-choices">
          <Presets size={bench} presets={presets} take={take} />
          <Edges key={taken} {...{ bench, limits, change, mark, note }} />
          <ReferenceShape {...{ bench, limits, take }} say={setNote} />
        </div>
      </div>
    </section>
  );
}

type Size = Pick<Bench, 'width' | 'height'>;

interface PresetsProps {
  readonly size: Size;
  readonly presets: readonly SizePreset[];
  readonly take: (size: Size) => void;
}

function Presets({ size: { width, height }, presets, take }: PresetsProps) {
  const chosen = presets.find((preset) => preset.width === width && preset.height === height);
  const aspects = [...new Set(presets.map(({ aspect }) => aspect))];
  const areas = [...new Set(presets.map(({ megapixels }) => megapixels))];
  const area = chosen?.megapixels ?? nearest(areas, (width * height) / 1024 / 1024);
  const choose = (aspect: string, megapixels: number) => {
    const preset = presets.find((one) => one.aspect === aspect && one.megapixels === megapixels);
    if (preset !== undefined) take({ width: preset.width, height: preset.height });
  };
  return (
    <>
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
    </>
  );
}

interface EdgesProps extends Omit<SizeFieldProps, 'presets'> {
  readonly note: string;
}

function Edges({ bench: { width, height }, limits, change, mark, note }: EdgesProps) {
  const { min, max } = limits.edgePixels;
  const megapixels = limits.areaPixels / 1024 / 1024;
  const range = { min, max, isWhole: true, mark, hintId: 'size-hint' };
  const across = useTypedNumber({ id: 'width', value: width, ...range, set: (next) => change({ width: next }) });
  const down = useTypedNumber({ id: 'height', value: height, ...range, set: (next) => change({ height: next }) });
  const isTooLarge = width * height > limits.areaPixels;
  const areaWords = isTooLarge ? `At most ${megapixels} megapixels, such as 2048 × 2048.` : '';
  const wrong = across.message || down.message || areaWords;
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
      <p class={wrong === '' ? 'hint two-lines' : 'hint two-lines wrong'} id="size-hint" role="status">
        {wrong || note || `${min} to ${max} pixels each, at most ${megapixels} megapixels.`}
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

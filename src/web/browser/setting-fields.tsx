import { Icon } from '../icons';
import { formats } from '../samples/picture-settings';
import type { ModelLimits } from '../site-facts';
import { type Bench, drawSeed } from './bench-state';
import { Segments } from './segments';

export interface SettingProps {
  readonly bench: Bench;
  readonly limits: ModelLimits;
  readonly change: (part: Partial<Bench>) => void;
}

interface DialProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly set: (value: number) => void;
}

/** A scale to slide along, with its value to type. */
export function Dial({ id, label, hint, value, min, max, step, set }: DialProps) {
  const take = (event: Event) => {
    const next = Number((event.target as HTMLInputElement).value);
    if (next >= min && next <= max) set(next);
  };
  return (
    <div class="dial">
      <label for={id}>{label}</label>
      <input
        type="number"
        aria-label={`${label} as a number`}
        min={min}
        max={max}
        step={step}
        value={value}
        onChange={take}
      />
      <input
        type="range"
        id={id}
        min={min}
        max={max}
        step={step}
        value={value}
        aria-describedby={`${id}-hint`}
        onInput={take}
      />
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}

/** Steps and guidance: what this model has and others have not. */
export function DialField({ bench, limits, change }: SettingProps) {
  return (
    <section class="field" aria-label="Steps and guidance">
      <Dial
        id="steps"
        label="Steps"
        hint={stepsHint(bench.steps)}
        value={bench.steps}
        {...limits.steps}
        step={1}
        set={(steps) => change({ steps: Math.round(steps) })}
      />
      <Dial
        id="guidance"
        label="Guidance"
        hint={
          bench.guidance < 3
            ? 'Loose and natural.'
            : bench.guidance > 6
              ? 'To the letter of the prompt.'
              : 'Close to the prompt.'
        }
        value={bench.guidance}
        {...limits.guidance}
        step={0.1}
        set={(guidance) => change({ guidance: Math.round(guidance * 10) / 10 })}
      />
    </section>
  );
}

function stepsHint(steps: number): string {
  if (steps <= 12) return 'A quick sketch.';
  return steps <= 35 ? 'For most things.' : 'For small type and fine detail.';
}

/** The seed, with dice, and a lock that keeps it for the next picture. */
export function SeedField({ bench, limits, change }: SettingProps) {
  const { isSeedLocked } = bench;
  return (
    <section class="field seed-field" aria-label="Seed">
      <label for="seed">Seed</label>
      <div class="joined">
        <SeedInput bench={bench} limits={limits} change={change} />
        <button
          type="button"
          class="quiet"
          aria-pressed={isSeedLocked ? 'true' : 'false'}
          aria-label="Keep the seed"
          onClick={() => change({ isSeedLocked: !isSeedLocked })}
        >
          <Icon name={isSeedLocked ? 'lock' : 'unlock'} />
        </button>
      </div>
      <p class="hint">{isSeedLocked ? 'Kept for the next picture.' : 'The next picture gets another one.'}</p>
    </section>
  );
}

/** The seed to type or to draw. */
export function SeedInput({ bench: { seed }, limits, change }: SettingProps) {
  return (
    <>
      <input
        id="seed"
        type="number"
        min={limits.seed.min}
        max={limits.seed.max}
        value={seed}
        onChange={(event) => {
          const next = Number((event.target as HTMLInputElement).value);
          if (Number.isInteger(next) && next >= 0 && next <= limits.seed.max)
            change({ seed: next, isSeedLocked: true });
        }}
      />
      <button type="button" class="quiet" onClick={() => change({ seed: drawSeed() })} aria-label="Draw another seed">
        <Icon name="dice" />
      </button>
    </>
  );
}

/** Whether the prompt is enriched first. */
export function UpsamplingSwitch({ bench, change }: Pick<SettingProps, 'bench' | 'change'>) {
  return (
    <label class="switch">
      <input
        id="upsampling"
        type="checkbox"
        checked={bench.promptUpsampling}
        onChange={(event) => change({ promptUpsampling: (event.target as HTMLInputElement).checked })}
      />
      <span>Enrich the prompt before rendering</span>
    </label>
  );
}

/** Upsampling, safety, and the file. */
export function FinishField({ bench, limits, change }: SettingProps) {
  return (
    <section class="field finish-field" aria-label="Prompt upsampling, safety and file">
      <UpsamplingSwitch bench={bench} change={change} />
      <Dial
        id="safety"
        label="Safety tolerance"
        hint="0 is strictest."
        value={bench.safetyTolerance}
        {...limits.safetyTolerance}
        step={1}
        set={(safetyTolerance) => change({ safetyTolerance })}
      />
      <FileSetting bench={bench} change={change} />
    </section>
  );
}

function FileSetting({ bench, change }: Pick<SettingProps, 'bench' | 'change'>) {
  return (
    <>
      <div class="field-head">
        <span>Format</span>
        <Segments
          label="Format"
          choices={formats.map((value) => ({ value, words: value === 'webp' ? 'WebP' : value.toUpperCase() }))}
          chosen={bench.format}
          choose={(format) => change({ format })}
        />
      </div>
      {bench.format === 'png' ? null : (
        <Dial
          id="quality"
          label="Quality"
          hint="Of the file; the picture is the same."
          value={bench.quality}
          min={1}
          max={100}
          step={1}
          set={(quality) => change({ quality })}
        />
      )}
    </>
  );
}

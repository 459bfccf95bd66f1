import { Icon } from '../icons';
import { formats } from '../samples/picture-settings';
import type { ModelLimits } from '../site-facts';
import { type Bench, drawSeed } from './bench-state';
import { type MarkField, useTypedNumber } from './number-fields';
import { Segments } from './segments';

export interface SettingProps {
  readonly bench: Bench;
  readonly limits: ModelLimits;
  readonly change: (part: Partial<Bench>) => void;
  readonly mark: MarkField;
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
  readonly mark: MarkField;
}

/** A scale to slide along, with its value to type. */
export function Dial({ id, label, hint, value, min, max, step, set, mark }: DialProps) {
  const { input, message, isWrong } = useTypedNumber({ id, value, min, max, isWhole: step === 1, set, mark });
  return (
    <div class="dial">
      <label for={id}>{label}</label>
      <input {...input} aria-label={`${label} as a number`} step={step} />
      <input
        type="range"
        id={id}
        min={min}
        max={max}
        step={step}
        value={value}
        aria-describedby={`${id}-hint`}
        onInput={(event) => set(Number((event.target as HTMLInputElement).value))}
      />
      <p class={isWrong ? 'hint wrong' : 'hint'} id={`${id}-hint`}>
        {isWrong ? message : hint}
      </p>
    </div>
  );
}

/** Steps and guidance: what this model has and others have not. */
export function DialField({ bench, limits, change, mark }: SettingProps) {
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
        mark={mark}
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
        mark={mark}
      />
    </section>
  );
}

function stepsHint(steps: number): string {
  if (steps <= 12) return 'A quick sketch.';
  return steps <= 35 ? 'For most things.' : 'For small type and fine detail.';
}

/** The seed, with dice, and a lock that keeps it for the next picture. */
export function SeedField({ bench, limits, change, mark }: SettingProps) {
  const { isSeedLocked } = bench;
  return (
    <section class="field seed-field" aria-label="Seed">
      <label for="seed">Seed</label>
      <SeedInput
        {...{ bench, limits, change, mark }}
        hint={isSeedLocked ? 'Kept for the next picture.' : 'The next picture gets another one.'}
      >
        <button
          type="button"
          class="quiet"
          aria-pressed={isSeedLocked ? 'true' : 'false'}
          aria-label="Keep the seed"
          onClick={() => change({ isSeedLocked: !isSeedLocked })}
        >
          <Icon name={isSeedLocked ? 'lock' : 'unlock'} />
        </button>
      </SeedInput>
    </section>
  );
}

interface SeedInputProps extends SettingProps {
  readonly hint: string;
  readonly children?: unknown;
}

/** The seed to type or to draw; one that is left empty is drawn. */
export function SeedInput({ bench: { seed }, limits, change, mark, hint, children }: SeedInputProps) {
  const draw = () => change({ seed: drawSeed() });
  const typed = { id: 'seed', value: seed, ...limits.seed, isWhole: true, mark, onEmpty: draw } as const;
  const { input, message, isWrong } = useTypedNumber({
    ...typed,
    set: (next) => change({ seed: next, isSeedLocked: true }),
  });
  return (
    <>
      <div class="joined">
        <input {...input} id="seed" />
        <button type="button" class="quiet" onClick={draw} aria-label="Draw another seed">
          <Icon name="dice" />
        </button>
        {children as never}
      </div>
      <p class={isWrong ? 'hint wrong' : 'hint'} id="seed-hint">
        {isWrong ? message : hint}
      </p>
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
export function FinishField({ bench, limits, change, mark }: SettingProps) {
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
        mark={mark}
      />
      <FileSetting bench={bench} change={change} mark={mark} />
    </section>
  );
}

function FileSetting({ bench, change, mark }: Pick<SettingProps, 'bench' | 'change' | 'mark'>) {
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
          mark={mark}
        />
      )}
    </>
  );
}

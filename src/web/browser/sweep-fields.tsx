import { dollars } from '../money';
import type { SiteFacts } from '../site-facts';
import { type MarkField, useTypedNumber } from './number-fields';
import { type Axis, type AxisName, axisNames, mostValues, type ReadAxis, usualText } from './sweep-axis';
import { axesOf, type Sweep } from './sweep-state';

export interface SweepFieldProps {
  readonly sweep: Sweep;
  readonly facts: SiteFacts;
  readonly change: (part: Partial<Sweep>) => void;
}

/** What the sheet goes over: one setting from left to right, another from top to bottom. */
export function AxisFields({ sweep, facts, change }: SweepFieldProps) {
  const read = axesOf(sweep, facts);
  const other: Readonly<Record<'across' | 'down', 'across' | 'down'>> = { across: 'down', down: 'across' };
  const set = (side: 'across' | 'down', axis: Axis) => {
    const opposite = other[side];
    // The same setting twice: the two change places.
    const isTaken = sweep[opposite].name === axis.name;
    change({ [side]: axis, ...(isTaken ? { [opposite]: sweep[side] } : {}) });
  };
  return (
    <section class="field axes-field" aria-label="What to sweep">
      <div class="field-head">
        <h2>Sweep over</h2>
        <span class="hint">up to {mostValues} values each</span>
      </div>
      <AxisField
        side="across"
        label="Across"
        axis={sweep.across}
        read={read.across}
        set={(axis) => set('across', axis)}
      />
      <AxisField side="down" label="Down" axis={sweep.down} read={read.down} set={(axis) => set('down', axis)} />
    </section>
  );
}

interface AxisFieldProps {
  readonly side: string;
  readonly label: string;
  readonly axis: Axis;
  readonly read: ReadAxis;
  readonly set: (axis: Axis) => void;
}

function AxisField({ side, label, axis, read, set }: AxisFieldProps) {
  const isWrong = read.kind === 'wrong';
  return (
    <div class="axis">
      <label for={side}>{label}</label>
      <select
        id={side}
        value={axis.name}
        onChange={(event) => {
          const name = (event.target as HTMLSelectElement).value as AxisName;
          set({ name, text: usualText[name] });
        }}
      >
        {axisNames.map((name) => (
          <option key={name} value={name} selected={name === axis.name}>
            {name}
          </option>
        ))}
      </select>
      <input
        id={`${side}-values`}
        type="text"
        aria-label={`Values ${side}`}
        aria-describedby={`${side}-hint`}
        aria-invalid={isWrong ? 'true' : 'false'}
        value={axis.text}
        autocomplete="off"
        onInput={(event) => set({ ...axis, text: (event.target as HTMLInputElement).value })}
      />
      <p id={`${side}-hint`} class={isWrong ? 'hint wrong' : 'hint'}>
        {isWrong ? read.message : `${read.values.length}: ${valuesWords(axis.name, read.values)}`}
      </p>
    </div>
  );
}

function valuesWords(name: AxisName, values: readonly number[]): string {
  return values.map((value) => (name === 'upsampling' ? (value === 1 ? 'on' : 'off') : String(value))).join(', ');
}

interface BudgetFieldProps extends Pick<SweepFieldProps, 'sweep' | 'change'> {
  readonly mark: MarkField;
}

/** What the sheet may cost at the most. */
export function BudgetField({ sweep: { budgetMicros }, change, mark }: BudgetFieldProps) {
  const { input, message, isWrong } = useTypedNumber({
    ...{ id: 'budget', value: budgetMicros / 1e6, min: 0.01, max: 1_000_000, isWhole: false, mark },
    set: (value) => change({ budgetMicros: Math.round(value * 1e6) }),
  });
  return (
    <section class="field budget-field">
      <label for="budget">Budget in dollars</label>
      <input {...input} id="budget" step="any" />
      <p class={isWrong ? 'hint wrong' : 'hint'} id="budget-hint">
        {isWrong ? message : `No picture is started that could take the sheet over ${dollars(budgetMicros)}.`}
      </p>
    </section>
  );
}

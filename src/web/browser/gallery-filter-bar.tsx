import type { ViewFacts } from '../tool-data';
import { DayField } from './day-field';
import { type GalleryFilter, isFiltered, statuses } from './gallery-filter';

export interface FilterBarProps {
  readonly filter: GalleryFilter;
  readonly facts: ViewFacts;
  readonly change: (part: Partial<GalleryFilter>) => void;
}

const noFilter: GalleryFilter = { status: '', provider: '', dialect: '', from: '', to: '', fingerprint: '' };

/** What to look for. */
export function FilterBar({ filter, facts, change }: FilterBarProps) {
  const providers = facts.providers.map(({ id, title }) => ({ value: id, words: title }));
  const dialects = facts.dialects.map(({ id, title }) => ({ value: id, words: title }));
  const choices = {
    status: statuses.map((value) => ({ value, words: value })),
    provider: providers,
    dialect: dialects,
  };
  return (
    <search class="filter-bar">
      {(['status', 'provider', 'dialect'] as const).map((name) => (
        <Choice
          key={name}
          name={name}
          value={filter[name]}
          choices={choices[name]}
          set={(value) => change({ [name]: value })}
        />
      ))}
      <DayFields filter={filter} change={change} />
      <FingerprintField filter={filter} change={change} />
      {isFiltered(filter) ? (
        <button type="button" class="quiet" onClick={() => change(noFilter)}>
          Show all
        </button>
      ) : null}
    </search>
  );
}

type FieldProps = Pick<FilterBarProps, 'filter' | 'change'>;

function DayFields({ filter, change }: FieldProps) {
  return (
    <>
      <DayField label="From (UTC)" value={filter.from} isOptional take={(from) => change({ from })} />
      <DayField label="To" value={filter.to} isOptional take={(to) => change({ to })} />
    </>
  );
}

function FingerprintField({ filter, change }: FieldProps) {
  return (
    <label class="wide">
      <span>Fingerprint</span>
      <input
        type="text"
        placeholder="or its beginning"
        autocomplete="off"
        spellcheck={false}
        value={filter.fingerprint}
        onInput={(event) => {
          const text = (event.target as HTMLInputElement).value.trim().toLowerCase();
          change({ fingerprint: text.replace(/[^0-9a-f]/g, '').slice(0, 64) });
        }}
      />
    </label>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly words: string }[];
  readonly set: (value: string) => void;
}

function Choice({ name, value, choices, set }: ChoiceProps) {
  return (
    <label>
      <span>{name.charAt(0).toUpperCase() + name.slice(1)}</span>
      <select value={value} onChange={(event) => set((event.target as HTMLSelectElement).value)}>
        <option value="" selected={value === ''}>
          any
        </option>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === value}>
            {choice.words}
          </option>
        ))}
      </select>
    </label>
  );
}

export interface SegmentsProps<Value extends string | number> {
  /** What is chosen here, for those who do not see it. */
  readonly label: string;
  readonly choices: readonly { readonly value: Value; readonly words: string }[];
  readonly chosen: Value | null;
  readonly choose: (value: Value) => void;
  readonly class?: string;
}

/** A few choices side by side, of which one holds. */
export function Segments<Value extends string | number>(props: SegmentsProps<Value>) {
  const { label, choices, chosen, choose } = props;
  return (
    <fieldset class={`segments ${props.class ?? ''}`} aria-label={label}>
      {choices.map(({ value, words }) => (
        <button
          type="button"
          key={value}
          aria-pressed={value === chosen ? 'true' : 'false'}
          onClick={() => choose(value)}
        >
          {words}
        </button>
      ))}
    </fieldset>
  );
}

/** Choices that are shown as they are named. */
export function named<Value extends string>(values: readonly Value[]): { value: Value; words: string }[] {
  return values.map((value) => ({ value, words: value }));
}

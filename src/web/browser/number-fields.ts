import { useState } from 'hono/jsx/dom';
import { useEffect } from './use-effect';

/** What a field takes. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
}
/** Tells whoever makes pictures whether the field of that id holds what cannot be used. */
export type MarkField = (id: string, isWrong: boolean) => void;

/** Which fields hold what cannot be used: nothing is made until none does. */
export function useNumberFields(): { readonly isWrong: boolean; readonly mark: MarkField } {
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const mark: MarkField = (id, isWrong) =>
    setWrong((before) => {
      if (before.includes(id) === isWrong) return before;
      return isWrong ? [...before, id] : before.filter((other) => other !== id);
    });
  return { isWrong: wrong.length > 0, mark };
}

/** The number that was typed; or what is accepted in its place. */
export function readNumber(text: string, range: NumberRange): number | string {
  const value = Number(text);
  const isTaken = text.trim() !== '' && value >= range.min && value <= range.max;
  if (isTaken && (!range.isWhole || Number.isInteger(value))) return value;
  const { min, max, isWhole } = range;
  return `${isWhole ? 'A whole number' : 'A number'} from ${min} to ${max} is accepted here.`;
}

export interface TypedNumber extends NumberRange {
  readonly id: string;
  readonly value: number;
  readonly set: (value: number) => void;
  readonly mark: MarkField;
  /** Where what is accepted is said; below the field where absent. */
  readonly hintId?: string;
  /** When the field is left empty; it is wrong where nothing is to be done then. */
  readonly onEmpty?: () => void;
}

/**
 * A number that is typed: it is used as soon as it is one, and what is none stays as it was typed, with what is accepted
 * in its place. Nothing that is shown is left unused in silence.
 */
export function useTypedNumber({ id, value, set, mark, hintId = `${id}-hint`, onEmpty, ...range }: TypedNumber) {
  const [message, setMessage] = useState('');
  // Both at once: there is no moment at which the button takes what the field refuses.
  const tell = (text: string) => {
    setMessage(text);
    mark(id, text !== '');
  };
  // Drawn, slid or chosen elsewhere: what was typed is gone.
  useEffect(() => tell(''), [value]);
  useEffect(() => () => mark(id, false), []);
  const isLeftEmpty = (input: HTMLInputElement) =>
    onEmpty !== undefined && input.value === '' && !input.validity.badInput;
  const take = (event: Event) => {
    const input = event.target as HTMLInputElement;
    if (isLeftEmpty(input)) return tell('');
    const read = readNumber(input.value, range);
    tell(typeof read === 'string' ? read : '');
    if (typeof read === 'number' && read !== value) set(read);
  };
  const leave = (event: Event) => {
    if (isLeftEmpty(event.target as HTMLInputElement)) onEmpty?.();
  };
  const isWrong = message !== '';
  const input = {
    type: 'number',
    min: range.min,
    max: range.max,
    value,
    'aria-invalid': isWrong ? 'true' : 'false',
    'aria-describedby': hintId,
    onInput: take,
    onBlur: leave,
  } as const;
  return { input, message, isWrong };
}

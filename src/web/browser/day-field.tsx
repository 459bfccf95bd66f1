import { useRef } from 'hono/jsx/dom';
import { isWholeDay } from './dashboard-range';

/** Whoever types pauses no longer than this between two digits. */
const quietMs = 600;

export interface DayFieldProps {
  readonly label: string;
  /** A UTC day; empty where none is meant. */
  readonly value: string;
  /** Whether it may be left empty. */
  readonly isOptional?: boolean;
  readonly take: (day: string) => void;
}

/**
 * A browser tells of every digit of a year: what is no whole day waits, and is what it was before once one goes on
 * without it.
 */
export function DayField({ label, value, isOptional = false, take }: DayFieldProps) {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const settle = ({ value: typed }: HTMLInputElement) => {
    clearTimeout(timer.current ?? undefined);
    if (isWholeDay(typed) && typed !== value) take(typed);
  };
  const type = (input: HTMLInputElement) => {
    clearTimeout(timer.current ?? undefined);
    timer.current = setTimeout(() => settle(input), quietMs);
  };
  const leave = (input: HTMLInputElement) => {
    settle(input);
    if (isWholeDay(input.value)) return;
    if (isOptional && input.value === '' && value !== '') take('');
    else input.value = value;
  };
  return (
    <label>
      <span>{label}</span>
      <input
        type="date"
        max="2999-12-31"
        value={value}
        onInput={(event: Event) => type(event.target as HTMLInputElement)}
        onBlur={(event: Event) => leave(event.target as HTMLInputElement)}
      />
    </label>
  );
}

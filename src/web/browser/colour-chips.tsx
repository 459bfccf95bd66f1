import { useRef } from 'hono/jsx/dom';
import { useEffect } from './use-effect';
import { useLatest } from './use-latest';

export interface ColourChipsProps {
  readonly text: string;
  readonly replace: (text: string) => void;
  /** Where the writer's cursor is. */
  readonly insertAt: () => number;
}

/** The colours that a prompt names, to be seen and changed; and one more for it. */
export function ColourChips({ text, replace, insertAt }: ColourChipsProps) {
  const colours = [...new Set(Array.from(text.matchAll(/#[0-9a-f]{6}\b/gi), ([code]) => code))];
  const add = (code: string) => {
    const at = insertAt();
    const gap = at > 0 && !/\s$/.test(text.slice(0, at)) ? ' ' : '';
    replace(`${text.slice(0, at)}${gap}${code}${text.slice(at)}`);
  };
  return (
    <fieldset class="chips" aria-label="Colours in the prompt">
      <Chip key="add" colour="#ff6600" words="Add a colour" pick={add} />
      {colours.map((code) => (
        <Chip key={code} colour={code} words={code} pick={(picked) => replace(text.replaceAll(code, picked))} />
      ))}
    </fieldset>
  );
}

interface ChipProps {
  readonly colour: string;
  readonly words: string;
  readonly pick: (colour: string) => void;
}

/** Told once a colour is chosen, not at each that the picker passes on the way: only the browser's own event says so. */
function Chip({ colour, words, pick }: ChipProps) {
  const input = useRef<HTMLInputElement>(null);
  const latest = useLatest(pick);
  useEffect(() => {
    const picker = input.current;
    const tell = () => picker !== null && latest.current(picker.value);
    picker?.addEventListener('change', tell);
    return () => picker?.removeEventListener('change', tell);
  }, []);
  return (
    <label class={words === colour ? 'chip' : 'chip add'}>
      <input ref={input} type="color" value={colour.toLowerCase()} />
      <span>{words}</span>
    </label>
  );
}

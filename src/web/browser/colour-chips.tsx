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
      {colours.map((code) => (
        <label class="chip" key={code}>
          <input
            type="color"
            value={code.toLowerCase()}
            onChange={(event) => replace(text.replaceAll(code, (event.target as HTMLInputElement).value))}
          />
          <span>{code}</span>
        </label>
      ))}
      <label class="chip add">
        <input type="color" value="#ff6600" onChange={(event) => add((event.target as HTMLInputElement).value)} />
        <span>Add a colour</span>
      </label>
    </fieldset>
  );
}

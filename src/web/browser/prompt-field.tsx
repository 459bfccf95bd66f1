import { useRef } from 'hono/jsx/dom';
import type { Bench, ReadPrompt } from './bench-state';
import { ColourChips } from './colour-chips';
import { Segments } from './segments';
import { useEffect } from './use-effect';

const examples = [
  'A risograph poster that says "NIGHT MARKET", two colours, #ff5a36 on cream',
  'Product shot of a ceramic teapot in #2a6f6b, softbox, seamless grey',
  'An infographic titled "How bread rises", five numbered steps, flat shapes',
];
const jsonExample =
  '{\n  "scene": "A quiet harbour before sunrise",\n  "subjects": ["a red boat", "two gulls"],\n  "style": "gouache"\n}';

export interface PromptFieldProps {
  readonly bench: Bench;
  readonly read: ReadPrompt;
  readonly most: number;
  /** Whether examples would only give way, as a prompt is about to come. */
  readonly isAwaited?: boolean;
  readonly change: (part: Partial<Bench>) => void;
  /** By Ctrl or Cmd and Enter. */
  readonly submit?: () => void;
}

/** Where the prompt stands beside the picture: no keyboard covers the page when it is focused. */
const wide = '(min-width: 60.01rem)';

/** The prompt, as text or as JSON that is checked while it is written. */
export function PromptField({ bench, read, most, isAwaited = false, change, submit }: PromptFieldProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const { promptText, isJson } = bench;
  const isWrong = read.kind === 'wrong';
  useFocusOnWidePage(area);
  return (
    <section class="field prompt-field">
      <div class="field-head">
        <label for="prompt">Prompt</label>
        <PromptKinds bench={bench} change={change} />
      </div>
      <textarea
        id="prompt"
        dir="auto"
        ref={area}
        rows={6}
        class={isJson ? 'json' : ''}
        placeholder={isJson ? jsonExample : 'What should the picture show? Put words to be written into "quotes".'}
        value={promptText}
        spellcheck={!isJson}
        aria-describedby="prompt-state"
        aria-invalid={isWrong ? 'true' : 'false'}
        onInput={(event) => change({ promptText: (event.target as HTMLTextAreaElement).value })}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.repeat) submit?.();
        }}
      />
      <p id="prompt-state" class={isWrong ? 'hint wrong' : 'hint'}>
        {isWrong ? read.message : lengthWords(promptText, most)}
      </p>
      <ColourChips
        text={promptText}
        replace={(text) => change({ promptText: text })}
        insertAt={() => area.current?.selectionStart ?? promptText.length}
      />
      {promptText === '' && !isJson && !isAwaited ? <Examples choose={(text) => change({ promptText: text })} /> : null}
    </section>
  );
}

const lengthWords = (text: string, most: number) =>
  `${text.length.toLocaleString('en')} of ${most.toLocaleString('en')} characters`;

/** On a page without a plan in its address, which is opened to write one. */
function useFocusOnWidePage(area: { readonly current: HTMLTextAreaElement | null }): void {
  useEffect(() => {
    if (location.hash === '' && matchMedia(wide).matches) area.current?.focus({ preventScroll: true });
  }, []);
}

const kinds = [
  { value: 'text', words: 'Text' },
  { value: 'json', words: 'JSON' },
] as const;

function PromptKinds({ bench: { isJson, promptText }, change }: Pick<PromptFieldProps, 'bench' | 'change'>) {
  const tidy = () => {
    try {
      change({ promptText: JSON.stringify(JSON.parse(promptText), null, 2) });
    } catch {
      // What is wrong with it is said below the field.
    }
  };
  return (
    <div class="joined">
      {isJson ? (
        <button type="button" class="quiet" onClick={tidy}>
          Tidy
        </button>
      ) : null}
      <Segments
        label="Kind of prompt"
        choices={kinds}
        chosen={isJson ? 'json' : 'text'}
        choose={(kind) => change({ isJson: kind === 'json' })}
      />
    </div>
  );
}

function Examples({ choose }: { readonly choose: (text: string) => void }) {
  return (
    <ul class="examples" aria-label="Examples">
      {examples.map((text) => (
        <li>
          <button type="button" class="quiet" onClick={() => choose(text)}>
            {text}
          </button>
        </li>
      ))}
    </ul>
  );
}

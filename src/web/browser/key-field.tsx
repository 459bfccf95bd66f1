import { useState } from 'hono/jsx/dom';
import { Icon } from '../icons';
import { isKeyText } from './key-store';

export interface KeyFieldProps {
  readonly apiKey: string | null;
  readonly isDevelopment: boolean;
  readonly isAsked: boolean;
  readonly set: (key: string) => void;
}

/** The key: asked for where there is none or it was refused, tucked away otherwise. */
export function KeyField({ apiKey, isDevelopment, isAsked, set }: KeyFieldProps) {
  const [isOpen, setIsOpen] = useState(false);
  const keep = (key: string) => {
    set(key);
    setIsOpen(false);
  };
  if (isAsked || isOpen) return <KeyForm keep={keep} />;
  return (
    <p class="key-line">
      <Icon name="key" />
      {apiKey === null ? 'No key: public pictures need none' : keyWords(apiKey, isDevelopment)}
      <button type="button" class="quiet" onClick={() => setIsOpen(true)}>
        {apiKey === null ? 'Give one' : 'Change'}
      </button>
    </p>
  );
}

function keyWords(apiKey: string, isDevelopment: boolean): string {
  return isDevelopment ? "This machine's development key" : `Key ${apiKey.slice(0, 7)}…`;
}

function KeyForm({ keep }: { readonly keep: (key: string) => void }) {
  const [text, setText] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const take = () => {
    const key = text.trim();
    const isTaken = key === '' || isKeyText(key);
    setIsWrong(!isTaken);
    if (isTaken) keep(key);
  };
  return (
    <section class="field key-field">
      <label for="key">Your API key</label>
      <div class="joined">
        <input
          id="key"
          type="password"
          autocomplete="off"
          placeholder="fg_live_…"
          value={text}
          aria-describedby="key-hint"
          aria-invalid={isWrong ? 'true' : 'false'}
          onInput={(event) => {
            setIsWrong(false);
            setText((event.target as HTMLInputElement).value);
          }}
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key === 'Enter') take();
          }}
        />
        <button type="button" class="button small" onClick={take}>
          Use it
        </button>
      </div>
      <KeyHint isWrong={isWrong} />
    </section>
  );
}

function KeyHint({ isWrong }: { readonly isWrong: boolean }) {
  return (
    <p class={isWrong ? 'hint wrong' : 'hint'} id="key-hint">
      {isWrong
        ? 'This is not a key: a key has no spaces, and no letters beyond a to z, A to Z.'
        : 'It stays in this tab, and stands in no link.'}
    </p>
  );
}

import { useState } from 'hono/jsx/dom';
import { Icon } from '../icons';

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
          onInput={(event) => setText((event.target as HTMLInputElement).value)}
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key === 'Enter') keep(text.trim());
          }}
        />
        <button type="button" class="button small" onClick={() => keep(text.trim())}>
          Use it
        </button>
      </div>
      <p class="hint" id="key-hint">
        It stays in this tab, and stands in no link.
      </p>
    </section>
  );
}

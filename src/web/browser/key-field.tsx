import { useState } from 'hono/jsx/dom';
import { Icon } from '../icons';
import { isKeyText } from './key-store';

export interface KeyFieldProps {
  readonly apiKey: string | null;
  readonly isDevelopment: boolean;
  readonly isAsked: boolean;
  /** What the key that is there lacks, where it is accepted. */
  readonly lacks?: string | undefined;
  readonly set: (key: string) => void;
}

/** The key: asked for where there is none or it was refused, tucked away otherwise; as high in either case. */
export function KeyField({ apiKey, isDevelopment, isAsked, lacks, set }: KeyFieldProps) {
  const [isOpen, setIsOpen] = useState(false);
  const keep = (key: string) => {
    set(key);
    setIsOpen(false);
  };
  if (isAsked || isOpen)
    return <KeyForm keep={keep} refused={isAsked && apiKey !== null ? (lacks ?? refusedHint) : ''} />;
  return (
    <section class="field key-field" aria-label="Key">
      <p class="key-line">
        <Icon name="key" />
        {apiKey === null ? 'No key' : keyWords(apiKey, isDevelopment)}
        <button type="button" class="quiet" onClick={() => setIsOpen(true)}>
          {apiKey === null ? 'Give one' : 'Change'}
        </button>
      </p>
      <p class="hint">{restingHint(apiKey, isDevelopment)}</p>
    </section>
  );
}

const tabHint = 'It stays in this tab, and stands in no link.';

function keyWords(apiKey: string, isDevelopment: boolean): string {
  return isDevelopment ? 'Development key' : `Key ${apiKey.slice(0, 7)}…`;
}

function restingHint(apiKey: string | null, isDevelopment: boolean): string {
  if (apiKey === null) return 'Public pictures need none.';
  return isDevelopment ? 'Of this machine, and of no use on another.' : tabHint;
}

interface KeyFormProps {
  readonly keep: (key: string) => void;
  /** Why the key that is there does not do; empty where it may. */
  readonly refused: string;
}

function KeyForm({ keep, refused }: KeyFormProps) {
  const [text, setText] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const take = () => {
    const key = text.trim();
    const isTaken = key === '' || isKeyText(key);
    setIsWrong(!isTaken);
    if (isTaken) keep(key);
  };
  const refusal = isWrong ? wrongHint : refused;
  return (
    <section class="field key-field" aria-label="Key">
      <div class="joined">
        <label for="key" class="unseen">
          Your API key
        </label>
        <input
          id="key"
          type="password"
          autocomplete="off"
          placeholder="Your API key, fg_live_…"
          value={text}
          aria-describedby="key-hint"
          aria-invalid={refusal === '' ? 'false' : 'true'}
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
      <KeyHint refusal={refusal} />
    </section>
  );
}

function KeyHint({ refusal }: { readonly refusal: string }) {
  return (
    <p class={refusal === '' ? 'hint' : 'hint wrong'} id="key-hint">
      {refusal === '' ? tabHint : refusal}
    </p>
  );
}

const wrongHint = 'This is not a key: a-z, A-Z, 0-9 and signs.';
const refusedHint = 'The key was refused: give another one.';

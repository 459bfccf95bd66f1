import { useEffect, useState } from 'hono/jsx/dom';
import { Icon } from '../icons';
import type { ModelLimits } from '../site-facts';
import { faultWords } from './fault-words';
import type { Gateway } from './gateway';

export interface ReferenceFieldProps {
  readonly references: readonly string[];
  readonly limits: ModelLimits;
  readonly gateway: Gateway | null;
  readonly change: (references: readonly string[]) => void;
}

/** Reference pictures: dropped, pasted, chosen from files, or by their URL. Files are kept at the service. */
export function ReferenceField(props: ReferenceFieldProps) {
  const { references, limits, change } = props;
  const { note, take, addUrl } = useAdding(props);
  useDropsAndPastes(take);
  return (
    <section class="field reference-field" aria-label="References">
      <div class="field-head">
        <h2>References</h2>
        <span class="hint">
          {references.length} of {limits.references}
        </span>
      </div>
      <ReferenceList references={references} change={change} take={take} />
      <div class="joined">
        <LinkInput addUrl={addUrl} />
      </div>
      <p class="hint two-lines" role="status" id="reference-note">
        {note || 'Files are kept at the service; a link begins with https://'}
      </p>
    </section>
  );
}

/** Wherever on the page a picture is dropped or pasted: a browser would leave the page for one that misses its place. */
function useDropsAndPastes(take: (files: readonly File[]) => Promise<void>): void {
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const drop = (event: DragEvent) => {
      event.preventDefault();
      void take([...(event.dataTransfer?.files ?? [])]);
    };
    document.addEventListener('dragover', (event) => event.preventDefault(), { signal });
    document.addEventListener('drop', drop, { signal });
    document.addEventListener('paste', (event) => void take([...(event.clipboardData?.files ?? [])]), { signal });
    return () => controller.abort();
  });
}

/** What is added to the references, and what there is to say about it. */
function useAdding({ references, limits, gateway, change }: ReferenceFieldProps) {
  const [note, setNote] = useState('');
  const room = limits.references - references.length;
  const take = async (files: readonly File[]) => {
    const pictures = files.filter(({ type }) => acceptedTypes.includes(type));
    const refusal = refusalOf(files.filter(({ type }) => !acceptedTypes.includes(type)));
    if (pictures.length === 0) return refusal === '' ? undefined : setNote(refusal);
    if (gateway === null) return setNote('A key is needed to keep a picture here.');
    setNote('Keeping…');
    try {
      change([...references, ...(await Promise.all(pictures.slice(0, room).map(gateway.upload)))]);
      setNote(
        pictures.length > room ? `At most ${limits.references} references; the first ${room} were taken.` : refusal,
      );
    } catch (thrown) {
      setNote(faultWords(thrown).text);
    }
  };
  const addUrl = (url: string) => {
    const isTaken = isReferenceUrl(url) && room > 0;
    const refusal = isReferenceUrl(url)
      ? `At most ${limits.references} references.`
      : 'Not taken: a reference is a link that begins with https://, or a picture of this service.';
    setNote(isTaken ? '' : refusal);
    if (isTaken) change([...references, url]);
    return isTaken;
  };
  return { note, take, addUrl };
}

interface ReferenceListProps extends Pick<ReferenceFieldProps, 'references' | 'change'> {
  readonly take: (files: readonly File[]) => Promise<void>;
}

/** One row, which is there before the first of them is: a file that is kept after a while moves nothing. */
function ReferenceList({ references, change, take }: ReferenceListProps) {
  return (
    <ol class="references">
      <li>
        <FileButton take={take} />
      </li>
      {references.map((url, index) => (
        <li key={url + index}>
          {url.startsWith(location.origin) ? (
            <img src={url} alt={`Reference ${index + 1}`} width="64" height="64" />
          ) : (
            <span class="host">{hostOf(url)}</span>
          )}
          <button
            type="button"
            class="quiet"
            aria-label={`Remove reference ${index + 1}`}
            onClick={() => change(references.filter((_, other) => other !== index))}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ol>
  );
}

function FileButton({ take }: Pick<ReferenceListProps, 'take'>) {
  return (
    <label class="add-file">
      <Icon name="picture" />
      Drop, paste or choose
      <input
        type="file"
        class="unseen"
        accept={acceptedTypes.join()}
        multiple
        onChange={(event) => void take([...((event.target as HTMLInputElement).files ?? [])])}
      />
    </label>
  );
}

interface LinkInputProps {
  /** @returns whether it was taken */
  readonly addUrl: (url: string) => boolean;
}

/** A link that is not taken stays, to be mended. */
function LinkInput({ addUrl }: LinkInputProps) {
  const [url, setUrl] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const add = () => {
    if (url === '') return;
    const isTaken = addUrl(url.trim());
    setIsWrong(!isTaken);
    if (isTaken) setUrl('');
  };
  return (
    <>
      <input
        type="url"
        placeholder="https://…"
        aria-label="Link to a reference"
        aria-describedby="reference-note"
        aria-invalid={isWrong ? 'true' : 'false'}
        value={url}
        onInput={(event) => {
          setIsWrong(false);
          setUrl((event.target as HTMLInputElement).value);
        }}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key === 'Enter') add();
        }}
      />
      <button type="button" class="quiet" onClick={add}>
        Add
      </button>
    </>
  );
}

const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : 'link');

const acceptedTypes: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** Why files are not taken; empty where there are none. */
function refusalOf([first, ...others]: readonly File[]): string {
  if (first === undefined) return '';
  const more = others.length === 0 ? ' is' : ` and ${others.length} more are`;
  const name = first.name.length > 24 ? `${first.name.slice(0, 23)}…` : first.name;
  return `“${name}”${more} not taken: references are PNG, JPEG, WebP or GIF.`;
}

/** Pictures that are kept here are taken wherever this service runs, a developer's machine included. */
function isReferenceUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, origin } = new URL(url);
  return protocol === 'https:' || origin === location.origin;
}

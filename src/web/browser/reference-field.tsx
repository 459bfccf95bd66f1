import { useState } from 'hono/jsx/dom';
import { Icon } from '../icons';
import { useDropsAndPastes } from './use-drops-and-pastes';
import { acceptedTypes, type References } from './use-references';

/** Reference pictures: dropped, pasted, chosen from files, or by their URL. Files are kept at the service. */
export function ReferenceField({ held }: { readonly held: References }) {
  useDropsAndPastes(held);
  return (
    <section class="field reference-field" aria-label="References">
      <div class="field-head">
        <h2>References</h2>
        <span class="hint">
          {held.references.length} of {held.most}
        </span>
      </div>
      <ReferenceList {...held} />
      <div class="joined">
        <LinkInput addUrls={held.addUrls} />
      </div>
      <p class="hint two-lines" role="status" id="reference-note">
        {held.note || 'Files are kept at the service; a link begins with https://'}
      </p>
    </section>
  );
}

/** One row, which is there before the first of them is: a file that is kept after a while moves nothing. */
function ReferenceList({ references, take, remove }: Pick<References, 'references' | 'take' | 'remove'>) {
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
            onClick={() => remove(index)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ol>
  );
}

function FileButton({ take }: Pick<References, 'take'>) {
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

/** A link that is not taken stays, to be mended. */
function LinkInput({ addUrls }: Pick<References, 'addUrls'>) {
  const [url, setUrl] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const add = () => {
    if (url === '') return;
    const isTaken = addUrls([url.trim()]);
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

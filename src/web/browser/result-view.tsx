import { useState } from 'hono/jsx/dom';
import { Icon } from '../icons';
import { dollars } from '../money';
import type { Picture } from './gateway';
import { useInSight } from './use-in-sight';
import type { Making } from './use-making';
import { loadWords, usePictureLoad } from './use-picture-load';

type Made = Extract<Making, { kind: 'made' }>;
const zooms = [0, 0.5, 1, 2] as const;

/** The picture, to be looked at closely and taken along, with how it was made. */
export function ResultView({ made }: { readonly made: Made }) {
  const { picture } = made;
  const [zoom, setZoom] = useState(0);
  const level = zooms[zoom] ?? 0;
  const frame = useInSight();
  return (
    <div class="result">
      <section class="picture-frame" ref={frame} tabindex={0} aria-label="The picture">
        <ShownPicture made={made} level={level} />
      </section>
      <div class="result-rest">
        <div class="result-bar">
          <Zoom zoom={zoom} setZoom={setZoom} />
          <a class="quiet" href={picture.url} download={fileName(picture)}>
            <Icon name="download" />
            Download
          </a>
          <CopyButton label="Picture link" text={picture.url} />
          <CopyButton label="Bench link" text={location.href} />
        </div>
        <Facts made={made} />
      </div>
    </div>
  );
}

/** At a level of 0, as large as its frame; in its place, why it is not to be seen. */
function ShownPicture({ made: { picture, body }, level }: { readonly made: Made; readonly level: number }) {
  const load = usePictureLoad(picture.url);
  if (load.kind !== 'shown')
    return (
      <p class="note" role="status">
        {loadWords[load.kind]}
      </p>
    );
  return (
    <img
      key={load.turn}
      src={picture.url}
      alt={typeof body.prompt === 'string' ? body.prompt : 'A picture made from a JSON prompt'}
      width={Math.round(picture.width * (level || 1))}
      height={Math.round(picture.height * (level || 1))}
      class={level === 0 ? 'fit' : 'zoomed'}
      onError={load.fail}
    />
  );
}

interface ZoomProps {
  readonly zoom: number;
  readonly setZoom: (zoom: number) => void;
}

function Zoom({ zoom, setZoom }: ZoomProps) {
  const level = zooms[zoom] ?? 0;
  return (
    <fieldset class="zoom">
      <legend class="unseen">Zoom</legend>
      <button type="button" class="quiet" aria-label="Smaller" onClick={() => setZoom(Math.max(0, zoom - 1))}>
        <Icon name="minus" />
      </button>
      <output class="data">{level === 0 ? 'fit' : `${level * 100} %`}</output>
      <button
        type="button"
        class="quiet"
        aria-label="Larger"
        onClick={() => setZoom(Math.min(zooms.length - 1, zoom + 1))}
      >
        <Icon name="plus" />
      </button>
    </fieldset>
  );
}

const sources = { hit: 'Stored already', joined: 'Joined one under way', bought: 'Made for you' } as const;

function Facts({ made: { picture, paidMicros, tookMs, body } }: { readonly made: Made }) {
  const rows: readonly (readonly [string, string])[] = [
    ['Came', sources[picture.source]],
    ['In', `${(tookMs / 1000).toFixed(1)} s`],
    ['By', picture.provider ?? 'the store'],
    ['Cost', `${dollars(paidMicros)}${picture.sandbox ? ' (pretended)' : ''}`],
    ['Size', `${picture.width} × ${picture.height}`],
    ['Seed', String(picture.seed)],
  ];
  return (
    <>
      <dl class="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="data">{value}</dd>
          </div>
        ))}
      </dl>
      <details class="recipe">
        <summary>Recipe</summary>
        <pre tabindex={0}>{isolatedTexts(JSON.stringify(body, null, 2))}</pre>
        <p class="hint">
          Fingerprint <code>{picture.fingerprint.slice(0, 16)}…</code>.{' '}
          {picture.recipeUrl === null ? null : <StoredLink url={picture.recipeUrl} />}
        </p>
      </details>
    </>
  );
}

function StoredLink({ url }: { readonly url: string }) {
  return (
    <>
      <a href={url}>What is stored about it</a>.
    </>
  );
}

/** Each text apart: characters in a prompt that turn the direction of writing turn nothing beside it. */
function isolatedTexts(json: string) {
  return json
    .split(/("(?:[^"\\]|\\.)*")/)
    .map((part, index) => (index % 2 === 1 ? <bdi key={index}>{part}</bdi> : part));
}

export function CopyButton({ label, text }: { readonly label: string; readonly text: string }) {
  const [said, setSaid] = useState('');
  const copy = async () => {
    const isCopied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setSaid(isCopied ? 'Copied' : 'Not copied');
    setTimeout(() => setSaid(''), 1_500);
  };
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      <Icon name={said === 'Copied' ? 'check' : 'copy'} />
      <span class="said" key={said} data-widest={label}>
        {said === '' ? label : said}
      </span>
    </button>
  );
}

/** The page names the file: a URL that is signed takes no parameter for it. */
function fileName({ url, fingerprint }: Pick<Picture, 'url' | 'fingerprint'>): string {
  return `${fingerprint.slice(0, 16)}${/\.\w+$/.exec(new URL(url).pathname)?.[0] ?? ''}`;
}

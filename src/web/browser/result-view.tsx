import { useState } from 'hono/jsx/dom';
import { Icon } from '../icons';
import { dollars } from '../money';
import { useInSight } from './use-in-sight';
import type { Making } from './use-making';

type Made = Extract<Making, { kind: 'made' }>;
const zooms = [0, 0.5, 1, 2] as const;

/** The picture, to be looked at closely and taken along, with how it was made. */
export function ResultView({ made }: { readonly made: Made }) {
  const { picture } = made;
  const [zoom, setZoom] = useState(0);
  const level = zooms[zoom] ?? 0;
  const frame = useInSight();
  const prompt = typeof made.body.prompt === 'string' ? made.body.prompt : 'A picture made from a JSON prompt';
  return (
    <div class="result">
      <section class="picture-frame" ref={frame} tabindex={0} aria-label="The picture">
        <img
          src={picture.url}
          alt={prompt}
          width={level === 0 ? picture.width : Math.round(picture.width * level)}
          height={level === 0 ? picture.height : Math.round(picture.height * level)}
          class={level === 0 ? 'fit' : 'zoomed'}
        />
      </section>
      <div class="result-rest">
        <div class="result-bar">
          <Zoom zoom={zoom} setZoom={setZoom} />
          <a class="quiet" href={downloadUrl(picture.url)} download>
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
          <a href={`/images/${picture.fingerprint}.json`}>What is stored about it</a>.
        </p>
      </details>
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
      <span class="said" key={said}>
        {said === '' ? label : said}
      </span>
    </button>
  );
}

function downloadUrl(text: string): string {
  const url = new URL(text);
  url.searchParams.set('download', '1');
  return url.href;
}

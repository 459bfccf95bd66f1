import type { Child } from 'hono/jsx';
import { Icon } from './icons';

export interface DocumentHead {
  readonly title: string;
  readonly description: string;
  /** The page's address on this deployment. */
  readonly path: string;
  readonly origin: string;
  /** Modules of the page's own. */
  readonly scripts?: readonly string[];
  /** For machines: https://schema.org */
  readonly structuredData?: readonly object[];
}

/** The frame of every page: what its head tells, where one is, what it stands on. */
export function Document({ children, ...head }: DocumentHead & { readonly children?: Child }) {
  return (
    <html lang="en">
      <Head {...head} />
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Masthead path={head.path} />
        {children}
        <Colophon />
      </body>
    </html>
  );
}

function Head({ title, description, path, origin, scripts = [], structuredData = [] }: DocumentHead) {
  const url = origin + path;
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title}</title>
      <meta name="description" content={description} />
      <meta name="color-scheme" content="light dark" />
      <link rel="canonical" href={url} />
      <link rel="icon" href="/assets/mark.svg" type="image/svg+xml" />
      <link rel="preload" href="/assets/display.ttf" as="font" type="font/ttf" crossorigin="anonymous" />
      <link rel="stylesheet" href="/assets/site.css" />
      <script src="/assets/site.js" />
      {scripts.map((source) => (
        <script type="module" src={source} />
      ))}
      <meta property="og:type" content="website" />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={description} />
      <meta property="og:url" content={url} />
      <meta property="og:site_name" content="Fluxgate" />
      <meta name="twitter:card" content="summary" />
      {structuredData.map((data) => (
        <DataBlock type="application/ld+json" data={data} />
      ))}
    </head>
  );
}

/** Data inside a page: no browser runs it, so the page's policy has nothing to refuse. */
export function DataBlock({ type, id, data }: { readonly type: string; readonly id?: string; readonly data: object }) {
  // Nothing in it may end the element.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return <script type={type} {...(id === undefined ? {} : { id })} dangerouslySetInnerHTML={{ __html: json }} />;
}

const places = [
  { path: '/', name: 'Model' },
  { path: '/workbench', name: 'Workbench' },
  { path: '/sweep', name: 'Sweep' },
  { path: '/compare', name: 'Compare' },
  { path: '/gallery', name: 'Gallery' },
  { path: '/dashboard', name: 'Dashboard' },
  { path: '/docs', name: 'API' },
] as const;

function Masthead({ path }: { readonly path: string }) {
  return (
    <header class="masthead">
      <a class="brand" href="/">
        <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
          <path d="M3 3h18v18H3z M8 21V11a4 4 0 0 1 8 0v10" />
        </svg>
        <span>Fluxgate</span>
      </a>
      <nav aria-label="Pages">
        {places.map((place) => (
          <a href={place.path} {...(place.path === path ? { 'aria-current': 'page' } : {})}>
            {place.name}
          </a>
        ))}
      </nav>
      <button type="button" class="quiet" data-theme-toggle>
        <Icon name="contrast" />
        <span class="unseen">Light or dark</span>
      </button>
    </header>
  );
}

function Colophon() {
  return (
    <footer class="colophon">
      <ControlStrip />
      <p>
        Fluxgate serves FLUX.2 [flex] of Black Forest Labs. For machines: <a href="/openapi.json">OpenAPI</a>,{' '}
        <a href="/llms.txt">llms.txt</a>. For people: <a href="/docs">the API reference</a>.
      </p>
    </footer>
  );
}

const patches = ['#00a3e0', '#e5007d', '#ffd500', '#161512', '#7a7870', '#b9b6ac', '#e4002b', '#009a44', '#24408e'];

/** The colour bar at the edge of a printed sheet. */
function ControlStrip() {
  return (
    <svg class="control-strip" viewBox="0 0 90 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      {patches.map((colour, index) => (
        <rect x={index * 10} y="0" width="10" height="4" fill={colour} />
      ))}
    </svg>
  );
}

import { type Context, type Env, Hono } from 'hono';
import { ComparePage } from './compare-page';
import { DashboardPage } from './dashboard-page';
import { GalleryPage } from './gallery-page';
import { ModelPage } from './model-page';
import type { SiteFacts } from './site-facts';
import { SweepPage } from './sweep-page';
import { WorkbenchPage } from './workbench-page';

/** Nothing of another host, nothing inline, in nobody's frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** That a page is nobody else's to read is what keeps the key in it: see {@link PageSource}. */
const pageHeaders = {
  'content-security-policy': policy,
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** Whether an answer is one of these pages, by its headers. */
export function isPage(headers: Headers): boolean {
  return headers.get('cross-origin-resource-policy') === pageHeaders['cross-origin-resource-policy'];
}

/** Where the pages get what they show. */
export interface PageSource<PageEnv extends Env> {
  facts(c: Context<PageEnv>): Promise<SiteFacts>;
  /** The key of the machine's own service, for whoever sits at that machine; null for everybody else. */
  developmentKey(c: Context<PageEnv>): string | null;
}

/** The pages that work with a key. */
const tools = {
  '/workbench': WorkbenchPage,
  '/sweep': SweepPage,
  '/compare': ComparePage,
  '/gallery': GalleryPage,
  '/dashboard': DashboardPage,
} as const;

/** The pages, and what crawlers ask for beside them. */
export function pages<PageEnv extends Env>(source: PageSource<PageEnv>): Hono<PageEnv> {
  const routes = new Hono<PageEnv>();
  for (const [path, Tool] of Object.entries(tools)) {
    routes.get(path, async (c) => {
      const developmentKey = source.developmentKey(c);
      const page = <Tool facts={await source.facts(c)} developmentKey={developmentKey} />;
      return c.html(page, 200, { ...pageHeaders, ...(developmentKey === null ? briefly : privately) });
    });
  }
  return routes
    .get('/', async (c) => {
      const page = <ModelPage facts={await source.facts(c)} />;
      return c.html(page, 200, { ...pageHeaders, ...briefly });
    })
    .get('/robots.txt', (c) => c.text(robots(new URL(c.req.url).origin), 200, briefly))
    .get('/sitemap.xml', (c) =>
      c.body(sitemap(new URL(c.req.url).origin), 200, { ...briefly, 'content-type': 'application/xml' }),
    )
    .get('/favicon.ico', (c) => c.redirect('/assets/mark.svg'));
}

const briefly = { 'cache-control': 'public, max-age=300' };
const privately = { 'cache-control': 'private, no-store' };

const robots = (origin: string) =>
  ['User-agent: *', 'Disallow: /v1/', 'Disallow: /images/', 'Allow: /', `Sitemap: ${origin}/sitemap.xml`, ''].join(
    '\n',
  );

function sitemap(origin: string): string {
  const urls = ['/', ...Object.keys(tools), '/docs'].map((path) => `<url><loc>${origin}${path}</loc></url>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.join('')}</urlset>\n`;
}

import { Hono } from 'hono';
import type { Dialect } from '../core/dialect';
import { version } from '../core/version';
import { llmsText } from '../discovery/llms';
import { openApiDocument } from '../discovery/openapi';
import type { FrontEnv } from './front';

const briefly = { 'cache-control': 'public, max-age=300' };

/** What this deployment says about itself to people, tools and language models. */
export function discovery(dialects: readonly Dialect[]): Hono<FrontEnv> {
  return new Hono<FrontEnv>()
    .get('/openapi.json', async (c) => {
      // Schemas of answers are for the document alone: no other request waits for them.
      const { ownRoutesTold } = await import('./own-api');
      const { origin } = new URL(c.req.url);
      return c.json(openApiDocument(dialects, { origin, version, own: ownRoutesTold(dialects) }), 200, briefly);
    })
    .get('/llms.txt', async (c) => {
      const { ownRoutesTold } = await import('./own-api');
      const { origin } = new URL(c.req.url);
      const { catalogue } = c.var.front;
      return c.text(llmsText(dialects, { origin, catalogue, own: ownRoutesTold(dialects) }), 200, briefly);
    })
    .get('/docs', (c) => c.html(docsPage, 200, { ...briefly, 'content-security-policy': docsPolicy }));
}

/** Scalar's page from its package, which we serve ourselves: no foreign host is asked for anything. */
const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fluxgate API</title>
</head>
<body>
<script id="api-reference" data-url="/openapi.json" data-configuration='{"withDefaultFonts":false,"telemetry":false,"agent":{"disabled":true},"mcp":{"disabled":true}}'></script>
<script src="/assets/scalar.js"></script>
<noscript>This page needs JavaScript. The same as a document: <a href="/openapi.json">/openapi.json</a>.</noscript>
</body>
</html>
`;
const docsPolicy =
  "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

import { Hono } from 'hono';
import { siteSource } from './app/site-source';
import { Fault } from './core/fault';
import { decodeLink } from './dialects/link';
import { dialectOfPath, dialects } from './dialects/registry';
import { ConfigError, serviceOf } from './env';
import { accountRoutes } from './http/account-routes';
import { adminRoutes } from './http/admin/routes';
import { allowOrigin, preflight } from './http/cors';
import { discovery } from './http/discovery';
import type { FrontEnv } from './http/front';
import { health } from './http/health';
import { links } from './http/links';
import { metricsRoute } from './http/metrics-route';
import { mountDialect } from './http/mount-dialect';
import { ownAccount } from './http/own-account';
import { ownKeys } from './http/own-keys';
import { ownPurge } from './http/own-purge';
import { pictures } from './http/pictures';
import { pinRoutes } from './http/pins';
import { providerKeyRoutes } from './http/provider-keys';
import { providersRoute } from './http/providers-route';
import { quoteRoute } from './http/quote';
import { reconcileRoutes } from './http/reconcile-routes';
import { logRequest } from './http/request-log';
import { answerFault } from './http/respond';
import { tasksRoute } from './http/tasks-route';
import { temporaryPictures } from './http/temporary';
import { uploads } from './http/uploads';
import { usageRoute } from './http/usage-route';
import { isPage, pages } from './web/pages';

type AppEnv = FrontEnv & { Bindings: Env };

/** The table of contents of the service: every route is reached from here. */
export const app = new Hono<AppEnv>();

app.use(async (c, next) => {
  const [startedAt, request, facts] = [Date.now(), crypto.randomUUID(), {}];
  const front = serviceOf(c.env);
  c.set('requestId', request);
  c.set('facts', facts);
  c.set('front', front);
  await next();
  // Set on the answer itself: Hono's own `c.header` makes a new Response once there is one, and this is the hit path.
  const { headers } = c.res;
  headers.set('x-request-id', request);
  // The cache in front of the Worker would keep an answer that does not say for how long.
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  allowOrigin(c, isPage(headers));
  logRequest(c, { logged: front.logged, facts, request, startedAt });
});
app.options('*', preflight);

app.route('/', health);
app.route('/', pages<AppEnv>(siteSource(dialects, (c) => serviceOf(c.env))));
app.route('/', pictures);
app.route('/', temporaryPictures);
app.route('/', links(decodeLink));
app.route('/', uploads);
app.route('/', discovery(dialects));
app.route('/', accountRoutes);
app.route('/', ownAccount);
app.route('/', ownKeys);
app.route('/', ownPurge);
app.route('/', adminRoutes(dialects));
app.route('/', usageRoute);
app.route('/', tasksRoute);
app.route('/', metricsRoute);
app.route('/', reconcileRoutes);
app.route('/', providersRoute);
app.route('/', providerKeyRoutes);
app.route('/', pinRoutes);
app.route('/', quoteRoute(dialects));
for (const dialect of dialects) app.route('/', mountDialect(dialect));

app.notFound((c) => {
  const fault = new Fault('not_found', `There is nothing at ${c.req.method} ${c.req.path.slice(0, 200)}.`);
  return answerFault(c, dialectOfPath(c.req.path), fault);
});
app.onError((thrown, c) => {
  if (!(thrown instanceof ConfigError)) return answerFault(c, dialectOfPath(c.req.path), thrown);
  // A deployment's health check, and `npm start`, say what is wrong; callers learn that it is not their doing.
  console.error(JSON.stringify({ event: 'misconfigured', message: thrown.message }));
  if (['/health', '/ready'].includes(c.req.path))
    return c.json({ status: 'misconfigured', message: thrown.message }, 503);
  const fault = new Fault('unavailable', 'The service is not configured; its operator finds the reason at /health.');
  return answerFault(c, dialectOfPath(c.req.path), fault);
});

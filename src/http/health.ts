import { Hono } from 'hono';
import type { FrontEnv } from './front';
import { parts } from './readiness';

const lookAgainSeconds = 5;

/**
 * `/health`: whether it runs and is configured, which is no reason to start it anew where it is not so. `/ready`: whether
 * it can do its work, too, and if not, what keeps it from it.
 */
export const health = new Hono<FrontEnv>()
  .get('/health', (c) => c.json({ status: 'ok', sandbox: c.var.front.catalogue.isSandbox }))
  .get('/ready', async (c) => {
    const answers = await c.var.front.readiness();
    const told = Object.fromEntries(parts.map((part) => [part, answers[part] ? 'ok' : 'failed']));
    if (parts.every((part) => answers[part])) return c.json({ status: 'ready', ...told });
    return c.json({ status: 'unready', ...told }, 503, { 'retry-after': String(lookAgainSeconds) });
  });

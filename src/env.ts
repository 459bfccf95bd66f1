import type { AccountPorts } from './accounts/account-ports';
import { accountPortsFor } from './env/account-ports';
import { housekeeping } from './env/housekeeping';
import { renderPortsFor } from './env/render-ports';
import { buildService, type Service } from './env/service';
import type { RenderPorts } from './renders/render-ports';

export { ConfigError } from './env/config';

const services = new WeakMap<Env, Service>();

/**
 * The service of these bindings, built once for each isolate: nothing else reads the environment.
 * @throws ConfigError that names the setting which is missing or wrong.
 */
export function serviceOf(env: Env): Service {
  const known = services.get(env);
  if (known !== undefined) return known;
  const service = buildService(env);
  services.set(env, service);
  return service;
}

/** What is done by the clock. `now` in milliseconds since 1970. */
export async function keepHouse(env: Env, now: number): Promise<void> {
  await housekeeping(serviceOf(env), now);
}

/** What an Account object may touch. */
export function accountPortsOf(env: Env): AccountPorts {
  return accountPortsFor(serviceOf(env));
}

/** What a Render object may touch. */
export function renderPortsOf(env: Env): RenderPorts {
  return renderPortsFor(serviceOf(env));
}

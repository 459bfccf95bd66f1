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

/** What a Render object may touch. */
export function renderPortsOf(env: Env): RenderPorts {
  return renderPortsFor(serviceOf(env));
}

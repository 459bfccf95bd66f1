import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { Provider } from '../../src/core/provider';
import type { RenderPorts } from '../../src/renders/render-ports';

/** Has one render bought from a provider that differs from the real one in what `change` says. */
export async function changeProvider(
  fingerprint: string,
  change: (provider: Provider) => Partial<Provider>,
): Promise<void> {
  await runInDurableObject(env.RENDERS.getByName(fingerprint), (render) => {
    const ports = Reflect.get(render, 'ports') as RenderPorts;
    const { provider } = ports;
    const changed: RenderPorts['provider'] = async (id, plan) => {
      const real = await provider(id, plan);
      return real === null ? null : { ...real, ...change(real) };
    };
    Object.assign(ports, { provider: changed });
  });
}

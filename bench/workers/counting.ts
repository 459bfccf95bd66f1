import { squareMegapixel } from '../../src/core/price';
import service, { GateObject as Gates, RenderObject as Renders } from '../../src/index';
import { countedBindings, countWrites } from './counted-bindings';
import { count, takeTally } from './tally';

/**
 * The service itself, with every billed operation counted. `DELETE /bench/tally` answers the counts and starts anew.
 * `POST /bench/draw?seed=` draws the sandbox's picture and stores it: what a miss costs where nothing else is done.
 */
export default {
  fetch: async (request: Request, env: Env, context: ExecutionContext): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/bench/tally') return Response.json(takeTally());
    if (pathname === '/bench/draw') return await draw(env, Number(searchParams.get('seed')));
    return await service.fetch(request, countedBindings(env), context);
  },
};

export class RenderObject extends Renders {
  constructor(context: DurableObjectState, env: Env) {
    countWrites(context.storage);
    super(context, countedBindings(env));
  }

  override async alarm(): Promise<void> {
    count('objectAlarms');
    await super.alarm();
  }
}

export class GateObject extends Gates {
  constructor(context: DurableObjectState, env: Env) {
    countWrites(context.storage);
    super(context, countedBindings(env));
  }
}

async function draw(env: Env, seed: number): Promise<Response> {
  const { drawPicture } = await import('../../src/providers/sandbox/picture');
  const request = { ...squareMegapixel, prompt: 'bench: a miss', width: 256, height: 256, seed };
  const context = { fetch, now: () => Date.now(), readReference: async () => new Uint8Array() };
  const bytes = await drawPicture(request, context);
  await env.PICTURES.put(`bench/${seed}`, bytes, { httpMetadata: { contentType: 'image/png' } });
  return Response.json({ sizeBytes: bytes.length });
}

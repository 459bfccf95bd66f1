import service, { AccountObject as Accounts, GateObject as Gates, RenderObject as Renders } from '../../src/index';
import { work } from './chores';
import { countedBindings, countWrites } from './counted-bindings';
import { count, takeTally } from './tally';

/**
 * The service itself, with every billed operation counted. `DELETE /bench/tally` answers the counts and starts anew.
 * `POST /bench/{chore}?times=` does one thing so many times: see chores.ts.
 */
export default {
  fetch: async (
    request: Request<unknown, IncomingRequestCfProperties>,
    env: Env,
    context: ExecutionContext,
  ): Promise<Response> => {
    const url = new URL(request.url);
    if (url.pathname === '/bench/tally') return Response.json(takeTally());
    if (url.pathname.startsWith('/bench/')) return await work(url, env);
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

export class AccountObject extends Accounts {
  constructor(context: DurableObjectState, env: Env) {
    countWrites(context.storage);
    super(context, countedBindings(env));
  }

  override async alarm(): Promise<void> {
    count('objectAlarms');
    await super.alarm();
  }
}

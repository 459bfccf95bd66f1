import { AccountObjectBase } from './accounts/account-object';
import { app } from './app';
import { accountPortsOf, keepHouse, renderPortsOf } from './env';
import { GateObjectBase } from './renders/gate-object';
import { RenderObjectBase } from './renders/render-object';

/** The Durable Object of a render, with this deployment's ports. */
export class RenderObject extends RenderObjectBase<Env> {
  protected override readonly ports = renderPortsOf(this.env);
}

/** The Durable Object of an account's money. */
export class AccountObject extends AccountObjectBase<Env> {
  protected override readonly ports = accountPortsOf(this.env);
}

/** The Durable Object that knows how the providers are doing. */
export class GateObject extends GateObjectBase<Env> {}

export default {
  fetch: (request, env, context) => app.fetch(request, env, context),
  scheduled: async (controller, env) => await keepHouse(env, controller.scheduledTime),
} satisfies ExportedHandler<Env>;

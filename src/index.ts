import { app } from './app';
import { renderPortsOf } from './env';
import { GateObjectBase } from './renders/gate-object';
import { RenderObjectBase } from './renders/render-object';

/** The Durable Object of a render, with this deployment's ports. */
export class RenderObject extends RenderObjectBase<Env> {
  protected override readonly ports = renderPortsOf(this.env);
}

/** The Durable Object that knows how the providers are doing. */
export class GateObject extends GateObjectBase<Env> {}

export default app;

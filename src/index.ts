import { app } from './app';
import { renderPortsOf } from './env';
import { RenderObjectBase } from './renders/render-object';

/** The Durable Object of a render, with this deployment's ports. */
export class RenderObject extends RenderObjectBase<Env> {
  protected override readonly ports = renderPortsOf(this.env);
}

export default app;

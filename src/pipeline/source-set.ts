import { sourceSetOf } from '../core/rendition';
import type { Task } from '../core/task';
import type { Ports } from './ports';

/** The same task, its picture with a `srcset` that a page can use as it is. */
export async function withSourceSet(ports: Ports, origin: string, task: Task): Promise<Task> {
  const { picture, fingerprint, rendition, request } = task;
  if (picture === null) return task;
  const named = { fingerprint, namespace: request.namespace };
  const sources = sourceSetOf(rendition, picture.width).map(
    async ({ width, rendition }) => `${await ports.pictureUrl(origin, named, rendition)} ${width}w`,
  );
  return { ...task, picture: { ...picture, sourceSet: (await Promise.all(sources)).join(', ') } };
}

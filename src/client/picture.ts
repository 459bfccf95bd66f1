import { FluxgateError } from './fluxgate-error';
import type { Determinism, PictureSource, TaskCost, TaskPicture, TaskState } from './task-state';
import type { Transport } from './transport';

/** A picture that is there. */
export interface Picture
  extends Pick<TaskPicture, 'url' | 'width' | 'height' | 'contentType' | 'thumbhash' | 'color'>,
    Pick<TaskState, 'seed' | 'fingerprint' | 'source' | 'provider' | 'sandbox'> {
  /** The id of the task that led to it. */
  readonly task: string;
  /** What the stored bytes are: those of the first time (`pinned`), made again and the same, or not, or unknown. */
  readonly determinism: Determinism | null;
  /** What the picture cost whoever bought it, in millionths of a dollar; `actualMicros` is null where nobody said. */
  readonly cost: Pick<TaskCost, 'quotedMicros' | 'actualMicros'>;
  /** Fetches its bytes. */
  blob(): Promise<Blob>;
}

/** The picture of a task that has ended. @throws FluxgateError that says why there is none. */
export function pictureOf(transport: Transport, state: TaskState): Picture {
  const { picture, cost, error } = state;
  if (picture === null) {
    const code = state.status === 'cancelled' ? 'cancelled' : 'incomplete';
    const fallback = { code, message: `The task ended without a picture: ${state.status}.` } as const;
    throw new FluxgateError({ ...(error ?? fallback), status: 200, taskId: state.id });
  }
  return withBlob(transport, {
    url: picture.url,
    width: picture.width,
    height: picture.height,
    contentType: picture.contentType,
    seed: state.seed,
    fingerprint: state.fingerprint,
    source: state.source,
    provider: state.provider,
    task: state.id,
    sandbox: state.sandbox,
    determinism: picture.determinism,
    thumbhash: picture.thumbhash,
    color: picture.color,
    cost: { quotedMicros: cost.quotedMicros, actualMicros: cost.actualMicros },
  });
}

/** The picture that the headers of an order's answer tell of; null where it is not there yet. */
export function pictureOfHit(transport: Transport, task: string, headers: Headers, micros: number): Picture | null {
  const told = (name: string) => headers.get(`x-fluxgate-${name}`);
  const url = told('picture');
  if (url === null) return null;
  return withBlob(transport, {
    url,
    width: Number(told('width')),
    height: Number(told('height')),
    contentType: `image/${/\.(\w+)(\?|$)/.exec(url)?.[1]?.replace('jpg', 'jpeg')}`,
    seed: Number(told('seed')),
    fingerprint: told('fingerprint') ?? '',
    source: (told('source') ?? 'hit') as PictureSource,
    provider: told('provider'),
    task,
    sandbox: told('sandbox') === 'true',
    determinism: told('determinism') as Determinism | null,
    thumbhash: told('thumbhash'),
    color: told('color'),
    cost: { quotedMicros: micros, actualMicros: micros },
  });
}

/** `blob` is left out where the picture is listed or written as JSON. */
function withBlob(transport: Transport, facts: Omit<Picture, 'blob'>): Picture {
  const path = facts.url.startsWith(transport.baseUrl) ? facts.url.slice(transport.baseUrl.length) : null;
  const blob = async () => {
    const response = await (path === null ? fetch(facts.url) : transport.send(path, { keyless: true }));
    return await response.blob();
  };
  return Object.defineProperty({ ...facts }, 'blob', { value: blob }) as Picture;
}

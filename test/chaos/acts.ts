import { setTimeout as sleep } from 'node:timers/promises';
import type { Front } from './front.ts';
import type { Act } from './plan.ts';

/** What the operator did to a picture; as often as it was sent, so often it may have been done. */
export interface DoneAct {
  readonly kind: Act['kind'];
  readonly picture: number;
  readonly fingerprint: string;
}

/** Longer than a claim of who was killed stands in the way. */
const patienceMs = 100_000;
const betweenMs = 2_000;

/** Deletes a picture, or has it made again. One that nobody was told the fingerprint of yet is left alone. */
export async function actOn(front: Front, { kind, picture }: Act): Promise<void> {
  const [fingerprint] = front.witness.prints.get(picture.index) ?? [];
  if (fingerprint === undefined) return;
  const path = `/v1/admin/pictures/${fingerprint}`;
  const once = () => {
    front.witness.acts.push({ kind, picture: picture.index, fingerprint });
    return kind === 'purge'
      ? front.operate(path, { method: 'DELETE' })
      : front.operate(`${path}/rerender`, { json: {} });
  };
  const until = Date.now() + patienceMs;
  let done = await once();
  // What was begun is ended: a picture half deleted by a kill, or a claim that stands. To buy again is not repeated.
  while (kind === 'purge' && Date.now() < until && (done.kind !== 'answered' || done.status === 409)) {
    await sleep(betweenMs);
    await front.service.untilUp();
    done = await once();
  }
}

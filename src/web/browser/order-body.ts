import { composeRequest } from '../samples/compose-request';
import type { PictureSettings } from '../samples/picture-settings';
import type { JsonObject, SiteFacts } from '../site-facts';

/** A picture as it is ordered from here: in the dialect that has words for every one. */
export function orderBody({ recipes }: SiteFacts, picture: PictureSettings): JsonObject {
  const own = recipes.filter(({ dialect }) => dialect === 'openai');
  const composed = composeRequest(own, picture);
  if (composed.kind === 'impossible') throw new Error(composed.reasons.join('; '));
  return composed.body;
}

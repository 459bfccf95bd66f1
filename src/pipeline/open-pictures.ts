import { factsOf, type PictureStore } from '../storage/picture-store';
import type { Renditions } from '../storage/renditions';
import type { Pictures } from './ports';

/** Pictures as the pipeline sees them: a rendition that is not stored is made on the way. */
export function openPictures(store: PictureStore, renditions: Renditions): Pictures {
  return {
    facts: (fingerprint) => store.facts(fingerprint),
    recipe: (fingerprint) => store.recipe(fingerprint),
    open: async (fingerprint, rendition) => {
      const object = await store.open(fingerprint, rendition);
      const facts = factsOf(object);
      if (object !== null && 'body' in object && facts !== null) return { facts, body: object.body };
      const made = await renditions.make(fingerprint, rendition);
      return made === null ? null : { facts: made.facts, body: new Blob([made.bytes]).stream() };
    },
  };
}

import { Fault } from '../core/fault';
import type { PictureFiles } from './picture-files';
import type { Buyers, PictureStore } from './picture-store';
import type { PictureFacts, Recipe } from './recipe';

/**
 * Stores a picture that was made again in the place of the stored one, which is handed out until then. The files of one
 * that is another picture are kept aside. Safe to repeat: the recipe, which tells what is stored, comes last.
 */
export class ReplacingStore implements Pick<PictureStore, 'putMaster' | 'putRecipe'> {
  readonly #store: PictureStore;
  readonly #files: PictureFiles;

  constructor(store: PictureStore, files: PictureFiles) {
    this.#store = store;
    this.#files = files;
  }

  /** @throws Fault `not_found` where the stored one was deleted meanwhile: what was deleted does not come back. */
  async putMaster(fingerprint: string, bytes: Uint8Array<ArrayBuffer>, facts: PictureFacts): Promise<PictureFacts> {
    const stored = await this.#store.facts(fingerprint);
    if (stored === null) throw new Fault('not_found', 'The picture was deleted while it was made again.');
    if (stored.sha256 !== facts.sha256) await this.#files.keepAside(fingerprint, stored.sha256);
    await this.#store.replaceMaster(fingerprint, bytes, facts);
    await this.#files.clearRenditions(fingerprint);
    return facts;
  }

  async putRecipe(recipe: Recipe, buyers?: Buyers): Promise<void> {
    await this.#store.putRecipe(recipe, buyers);
  }
}

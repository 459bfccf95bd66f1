/** `/embed.js`: makes `<flux-image>` known to a page, once, however often the script is there. Where there are no pages it does nothing. */
import { FluxImage } from './flux-image-element';

export type { FluxImageEvents, ShownPicture } from './flux-image-events';
export { FluxImage };

const registry: CustomElementRegistry | undefined = globalThis.customElements;
if (registry?.get('flux-image') === undefined) registry?.define('flux-image', FluxImage);

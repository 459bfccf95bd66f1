/** `/embed.js`: makes `<flux-image>` known to a page, once, however often the script is there. */
import { FluxImage } from './flux-image-element';

export type { FluxImageEvents, ShownPicture } from './flux-image-events';
export { FluxImage };

if (customElements.get('flux-image') === undefined) customElements.define('flux-image', FluxImage);

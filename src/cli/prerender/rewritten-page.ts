import type { Page } from './page';
import { edited, editsFor, type Show } from './shown-picture';
import type { WantedPicture } from './wanted-picture';

/** A page's text with its pictures in place; those that are not there are left as they are. */
export function rewritten(
  { text, pictures }: Page,
  fingerprintOf: (picture: WantedPicture) => string | undefined,
  show: Show,
): string {
  const edits = pictures.flatMap((picture) => {
    const fingerprint = fingerprintOf(picture);
    const shown = fingerprint === undefined ? null : show(fingerprint, picture.format);
    return shown === null ? [] : editsFor(picture.tag, shown);
  });
  return edits.length === 0 ? text : edited(text, edits);
}

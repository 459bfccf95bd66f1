import { useEffect } from './use-effect';
import { useLatest } from './use-latest';
import type { References } from './use-references';

type Takers = Pick<References, 'take' | 'addUrls'>;

/**
 * Wherever on the page a picture or a link is dropped or pasted: a browser would leave the page for one that misses its
 * place. Text and links go into the field that they are dropped on or pasted into.
 */
export function useDropsAndPastes(takers: Takers): void {
  const latest = useLatest(takers);
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const over = (event: DragEvent) => {
      if (isForPage(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      if (!isForPage(event)) return;
      event.preventDefault();
      takeFrom(event.dataTransfer, event, latest.current);
    };
    const paste = (event: ClipboardEvent) => takeFrom(event.clipboardData, event, latest.current);
    document.addEventListener('dragover', over, { signal });
    document.addEventListener('drop', drop, { signal });
    document.addEventListener('paste', paste, { signal });
    return () => controller.abort();
  }, []);
}

/** Whether it is dropped for the page, not for a field: what a link or a text says is unknown until it is dropped. */
function isForPage(event: DragEvent): boolean {
  const types = event.dataTransfer?.types ?? [];
  return types.includes('Files') || (!takesText(event.target) && linkTypes.some((type) => types.includes(type)));
}

/** Files before their links: a picture that is dragged out of a page comes as both. */
function takeFrom(data: DataTransfer | null, { target }: Event, { take, addUrls }: Takers): void {
  if (data === null) return;
  if (data.files.length > 0) return void take([...data.files]);
  const links = takesText(target) ? [] : linksIn(data);
  if (links.length > 0) addUrls(links);
}

const linkTypes = ['text/uri-list', 'text/plain'];

/** The links of a list, in which `#` begins a comment; else a text that is one link. */
function linksIn(data: DataTransfer): readonly string[] {
  const listed = data.getData('text/uri-list').split(/\r?\n/);
  const links = listed.filter((line) => line !== '' && !line.startsWith('#'));
  const text = data.getData('text/plain').trim();
  return links.length === 0 && /^https:\/\/\S+$/i.test(text) ? [text] : links;
}

const textFields = 'textarea, input:not([type=file], [type=range], [type=checkbox], [type=color]), [contenteditable]';

const takesText = (target: EventTarget | null) => target instanceof Element && target.closest(textFields) !== null;

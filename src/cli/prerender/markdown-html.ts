import { parse, postprocess, preprocess } from 'micromark';

/** Parts of Markdown that reach the page as the HTML that they are. */
const htmlTokens: ReadonlySet<string> = new Set(['htmlFlowData', 'htmlTextData']);

/**
 * Markdown with all but its HTML blanked out: code, quoted `<` and front matter are gone, and what is left stands where
 * it stood.
 */
export function onlyHtml(text: string): string {
  const blank = blanked(text);
  const body = frontMatterLength(text);
  const source = blank.slice(0, body) + text.slice(body);
  const events = postprocess(
    parse()
      .document()
      .write(preprocess()(source, undefined, true)),
  );
  const kept: string[] = [];
  let at = 0;
  for (const [kind, { type, start, end }] of events) {
    if (kind !== 'enter' || !htmlTokens.has(type)) continue;
    kept.push(blank.slice(at, start.offset), text.slice(start.offset, end.offset));
    at = end.offset;
  }
  return [...kept, blank.slice(at)].join('');
}

/** YAML or TOML before the first line: https://jekyllrb.com/docs/front-matter */
export function frontMatterLength(text: string): number {
  return /^(---|\+\+\+)[^\S\r\n]*\r?\n(?:[\s\S]*?\r?\n)?\1[^\S\r\n]*(?=\r?\n|$)/.exec(text)?.[0].length ?? 0;
}

function blanked(text: string): string {
  return text.replaceAll(/[^\r\n]/g, ' ');
}

import { parse, postprocess, preprocess } from 'micromark';
import { mdxjs } from 'micromark-extension-mdxjs';
import type { Event, Token } from 'micromark-util-types';
import { decoded } from './html-tags';
import { frontMatterLength } from './markdown-html';
import { literalValue, picturesWithin } from './mdx-expression';
import { type Tag, type TagAttribute, wantsPicture } from './tag';

/** The pictures wanted in an MDX page, and the places where some are out of reach: in a program: inside of `{…}` or an `export`. */
export interface MdxPictures {
  readonly tags: readonly Tag[];
  readonly outOfReach: readonly number[];
}

interface OpenTag extends Omit<Tag, 'content' | 'image' | 'isUnclosed'> {
  readonly isClosing: boolean;
  readonly isSelfClosing: boolean;
}

/** @throws Error with a `place` where the page is not MDX */
export function mdxPictures(text: string): MdxPictures {
  const body = frontMatterLength(text);
  const source = text.slice(0, body).replaceAll(/[^\r\n]/g, ' ') + text.slice(body);
  const parser = parse({ extensions: [mdxjs({ addResult: true })] });
  const events = postprocess(parser.document().write(preprocess()(source, undefined, true)));
  const tags = paired(openTagsIn(events, text)).filter(wantsPicture);
  return { tags, outOfReach: hiddenIn(events) };
}

function openTagsIn(events: readonly Event[], text: string): readonly OpenTag[] {
  const tags: OpenTag[] = [];
  let inside: Token[] = [];
  for (const [kind, token] of events) {
    if (kind !== 'exit' || !token.type.startsWith('mdxJsx')) continue;
    if (!/^mdxJsx(?:Flow|Text)Tag$/.test(token.type)) inside.push(token);
    else {
      tags.push(openTag(token, inside, text));
      inside = [];
    }
  }
  return tags;
}

function openTag(tag: Token, inside: readonly Token[], text: string): OpenTag {
  const named = (suffix: string) => inside.filter(({ type }) => type.endsWith(suffix));
  // Some tokens end behind the space that follows.
  const textOf = ({ start, end }: Token) => text.slice(start.offset, end.offset).trimEnd();
  const attributes = named('TagAttribute').map((attribute) => attributeAt(attribute, inside, textOf));
  const [name] = named('TagName');
  const spreads = named('TagExpressionAttribute').map(({ end }) => end.offset);
  const nameEnd = name === undefined ? tag.end.offset - 1 : name.start.offset + textOf(name).length;
  return {
    name: name === undefined ? '' : textOf(name).toLowerCase(),
    syntax: 'jsx',
    attributes,
    start: tag.start.offset,
    end: tag.end.offset,
    attributesEnd: Math.max(nameEnd, ...spreads, ...attributes.map(({ end }) => end)),
    isClosing: named('TagClosingMarker').length > 0,
    isSelfClosing: named('TagSelfClosingMarker').length > 0,
  };
}

function attributeAt(attribute: Token, inside: readonly Token[], textOf: (token: Token) => string): TagAttribute {
  const { start, end } = attribute;
  const part = (suffix: string) =>
    inside.find(
      (token) => token.type.endsWith(suffix) && token.start.offset >= start.offset && token.end.offset <= end.offset,
    );
  const [name, literal, expression] = [
    part('TagAttributeName'),
    part('TagAttributeValueLiteral'),
    part('TagAttributeValueExpression'),
  ];
  const value = literal === undefined ? '' : decoded(textOf(literal).slice(1, -1));
  return {
    name: name === undefined ? '' : textOf(name).toLowerCase(),
    value: expression === undefined ? value : literalValue(expression),
    start: start.offset,
    end: start.offset + textOf(attribute).length,
  };
}

/** Start tags with what is between each and its end tag. */
function paired(tags: readonly OpenTag[]): readonly Tag[] {
  return tags.flatMap(({ isClosing, isSelfClosing, ...tag }, index) => {
    if (isClosing) return [];
    const end = isSelfClosing ? -1 : endOf(tags, index);
    const next = tags[index + 1];
    const hasImage = end > index + 1 && next?.name === 'img';
    return {
      ...tag,
      content: end < 0 ? null : { start: tag.end, end: tags[end]?.start ?? tag.end },
      isUnclosed: !isSelfClosing && end < 0,
      image: hasImage ? { ...next, content: null, isUnclosed: false, image: null } : null,
    };
  });
}

function endOf(tags: readonly OpenTag[], index: number): number {
  let depth = 0;
  return tags.findIndex(({ name, isClosing, isSelfClosing }, at) => {
    if (at < index || name !== tags[index]?.name || isSelfClosing) return false;
    depth += isClosing ? -1 : 1;
    return depth === 0;
  });
}

function hiddenIn(events: readonly Event[]): readonly number[] {
  return events.flatMap(([kind, token]) =>
    kind === 'enter' && programs.test(token.type) ? picturesWithin(token) : [],
  );
}

/** What holds JavaScript: `{…}` in the text and in tags, and lines of `import` and `export`. */
const programs = /^mdx(?:FlowExpression|TextExpression|jsEsm|Jsx.+(?:AttributeValueExpression|ExpressionAttribute))$/;

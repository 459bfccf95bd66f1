import { type DefaultTreeAdapterTypes, parse, parseFragment, type Token } from 'parse5';
import { type Tag, type TagAttribute, wantsPicture } from './tag';

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/**
 * The pictures wanted in HTML, in the order in which they stand there: a page, or a part of one. What is inside of
 * comments, scripts and styles is none of it, as for browsers; what is inside of `<noscript>` and `<template>` is.
 */
export function htmlTags(text: string): readonly Tag[] {
  const page = parse(text, { sourceCodeLocationInfo: true, scriptingEnabled: false });
  return elementsIn(page)
    .flatMap((element) => tagOf(element) ?? [])
    .filter(wantsPicture)
    .sort((one, other) => one.start - other.start);
}

/** The text that HTML's `&…;` in an attribute stand for. */
export function decoded(attributeText: string): string {
  const quoted = attributeText.replaceAll('"', '&quot;');
  const [element] = elementsIn(parseFragment(`<a title="${quoted}">`));
  return element?.attrs[0]?.value ?? attributeText;
}

function elementsIn(root: Node): readonly Element[] {
  const elements: Element[] = [];
  const open: Node[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if ('tagName' in node) elements.push(node);
    if ('content' in node) open.push(node.content);
    if ('childNodes' in node) open.push(...node.childNodes);
  }
  return elements;
}

function tagOf(element: Element): Tag | null {
  const location = element.sourceCodeLocation;
  // What the parser adds by itself, such as a <tbody>, stands nowhere.
  if (!location) return null;
  const { startOffset: start, endOffset: end } = location.startTag ?? location;
  const attributes = element.attrs.flatMap((attribute) => attributeAt(attribute, location) ?? []);
  const nameEnd = start + 1 + element.tagName.length;
  return {
    name: element.tagName,
    syntax: 'html',
    attributes,
    start,
    end: Math.max(end, nameEnd + 1),
    attributesEnd: Math.max(nameEnd, ...attributes.map((attribute) => attribute.end)),
    content: location.endTag ? { start: end, end: location.endTag.startOffset } : null,
    isUnclosed: element.tagName === 'flux-image' && !location.endTag,
    image: imageIn(element),
  };
}

function attributeAt({ name, value }: Token.Attribute, location: Token.ElementLocation): TagAttribute | null {
  const at = location.attrs?.[name];
  return at === undefined ? null : { name, value, start: at.startOffset, end: at.endOffset };
}

function imageIn(element: Element): Tag | null {
  if (element.tagName !== 'flux-image') return null;
  const image = element.childNodes.find((child): child is Element => child.nodeName === 'img');
  return image === undefined ? null : tagOf(image);
}

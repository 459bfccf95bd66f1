export type Attributes = Readonly<Record<string, string | number>>;

/** A rectangle of the picture, in pixels from its top left corner. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Writes one SVG element. Attribute values are escaped; `children` must be SVG already, or text from {@link escapeXml}. */
export function element(name: string, attributes: Attributes, children = ''): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? decimal(value) : escapeXml(value)}"`)
    .join('');
  return children === '' ? `<${name}${written}/>` : `<${name}${written}>${children}</${name}>`;
}

/** A filled rectangle. */
export function box(rect: Rect, fill: string, more: Attributes = {}): string {
  return element('rect', { x: rect.x, y: rect.y, width: rect.width, height: rect.height, fill, ...more });
}

/** A filled disc. */
export function disc(x: number, y: number, radius: number, fill: string, more: Attributes = {}): string {
  return element('circle', { cx: x, cy: y, r: Math.max(0, radius), fill, ...more });
}

/** A closed shape through the given points. */
export function polygon(points: readonly (readonly [number, number])[], fill: string, more: Attributes = {}): string {
  const written = points.map(([x, y]) => `${decimal(x)},${decimal(y)}`).join(' ');
  return element('polygon', { points: written, fill, ...more });
}

/** A number with at most two decimals: finer than a pixel, shorter than a double, and never NaN. */
export function decimal(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100) : '0';
}

/** Text made safe inside an element or a double-quoted attribute. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The rectangle that stays when `margin` pixels are taken off each side. */
export function inset(rect: Rect, margin: number): Rect {
  return {
    x: rect.x + margin,
    y: rect.y + margin,
    width: Math.max(1, rect.width - 2 * margin),
    height: Math.max(1, rect.height - 2 * margin),
  };
}

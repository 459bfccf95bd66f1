/** What typesetting needs to know of a font file. */
export interface Typeface {
  /** The family name inside the file, which resvg finds it by. */
  readonly family: string;
  /** Height of a capital letter, as a share of the type size. */
  readonly capHeight: number;
  covers(codePoint: number): boolean;
  /** How far a character moves the pen, as a share of the type size. */
  advance(codePoint: number): number;
}

/** Reads the metrics of a TrueType font. @throws RangeError when the file is cut short. */
export function readTypeface(family: string, file: ArrayBuffer): Typeface {
  const view = new DataView(file);
  const tables = readTables(view);
  const table = (tag: string) => tables.get(tag) ?? 0;
  const unitsPerEm = view.getUint16(table('head') + 18);
  const metricCount = view.getUint16(table('hhea') + 34);
  const glyphs = readCharacterMap(view, table('cmap'));
  return {
    family,
    capHeight: view.getInt16(table('OS/2') + 88) / unitsPerEm,
    covers: (codePoint) => glyphs.has(codePoint),
    advance: (codePoint) => {
      const metric = Math.min(glyphs.get(codePoint) ?? 0, metricCount - 1);
      return view.getUint16(table('hmtx') + metric * 4) / unitsPerEm;
    },
  };
}

function readTables(view: DataView): ReadonlyMap<string, number> {
  const tables = new Map<string, number>();
  for (let index = 0; index < view.getUint16(4); index++) {
    const entry = 12 + index * 16;
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(entry + byte)));
    tables.set(tag, view.getUint32(entry + 8));
  }
  return tables;
}

/** The glyph of each code point, from the subtables of format 4: our fonts stay within the basic plane. */
function readCharacterMap(view: DataView, start: number): ReadonlyMap<number, number> {
  const glyphs = new Map<number, number>();
  for (let index = 0; index < view.getUint16(start + 2); index++) {
    const subtable = start + view.getUint32(start + 4 + index * 8 + 4);
    if (view.getUint16(subtable) === 4) readSegments(view, subtable, glyphs);
  }
  return glyphs;
}

/** https://learn.microsoft.com/typography/opentype/spec/cmap#format-4-segment-mapping-to-delta-values */
function readSegments(view: DataView, subtable: number, glyphs: Map<number, number>): void {
  const doubled = view.getUint16(subtable + 6);
  for (let offset = 0; offset < doubled; offset += 2) {
    const end = view.getUint16(subtable + 14 + offset);
    const first = view.getUint16(subtable + 16 + doubled + offset);
    const delta = view.getUint16(subtable + 16 + 2 * doubled + offset);
    const rangeAt = subtable + 16 + 3 * doubled + offset;
    const range = view.getUint16(rangeAt);
    for (let codePoint = first; codePoint <= end && codePoint !== 0xffff; codePoint++) {
      const raw = range === 0 ? codePoint : view.getUint16(rangeAt + range + 2 * (codePoint - first));
      const glyph = raw === 0 ? 0 : (raw + delta) & 0xffff;
      if (glyph !== 0) glyphs.set(codePoint, glyph);
    }
  }
}

import type { Colour } from './colour';
import { graphemeWidth, isCovered, missingWidth, type TypeStyle, widthOf } from './measure';
import { graphemesOf } from './plain-text';
import { box, element, escapeXml, type Rect } from './svg';
import type { Typeface } from './typeface';
import type { TextBlock } from './typeset';

/** Draws a block from its top left corner; lines are aligned within `room`. */
export function drawText(block: TextBlock, room: Rect, align: 'start' | 'middle', fill: Colour): string {
  const { size, style, rise } = block;
  return block.lines
    .map((line, index) => {
      const slack = room.width - widthOf(line, style) * size;
      const x = room.x + (align === 'middle' ? slack / 2 : 0);
      const y = room.y + rise + index * style.leading * size;
      return drawLine(line, { x, y }, size, style, fill);
    })
    .join('');
}

interface Pen {
  readonly x: number;
  readonly y: number;
}

/** One line: runs of lettering, and between them a box with its code point for each character that the face lacks. */
function drawLine(line: string, pen: Pen, size: number, style: TypeStyle, fill: Colour): string {
  let drawn = '';
  let run = '';
  let runWidth = 0;
  let x = pen.x;
  const endRun = () => {
    if (run.trim() !== '') drawn += drawRun(run, { x, y: pen.y }, size, style, fill);
    x += runWidth * size;
    run = '';
    runWidth = 0;
  };
  for (const grapheme of graphemesOf(line)) {
    if (isCovered(grapheme, style.face)) {
      run += grapheme;
      runWidth += graphemeWidth(grapheme, style);
    } else {
      endRun();
      drawn += drawMissing(grapheme, { x, y: pen.y }, size, style.face, fill);
      x += missingWidth * size;
    }
  }
  endRun();
  return drawn;
}

function drawRun(run: string, pen: Pen, size: number, style: TypeStyle, fill: Colour): string {
  const attributes = {
    x: pen.x,
    y: pen.y,
    'font-family': style.face.family,
    'font-size': size,
    'letter-spacing': style.tracking * size,
    'xml:space': 'preserve',
    fill,
  };
  return element('text', attributes, escapeXml(run));
}

/** As a browser does without a font: the code point in hexadecimal, in a frame. */
function drawMissing(grapheme: string, pen: Pen, size: number, face: Typeface, fill: Colour): string {
  const digits = (grapheme.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const half = Math.ceil(digits.length / 2);
  const frame = { x: pen.x + size * 0.05, y: pen.y - size * 0.76, width: size * 0.84, height: size * 0.84 };
  const stroke = { stroke: fill, 'stroke-width': size * 0.05, rx: size * 0.1 };
  const rows = [digits.slice(0, half), digits.slice(half)].map((row, index) => {
    const attributes = {
      x: frame.x + frame.width / 2,
      y: frame.y + frame.height * (0.44 + index * 0.38),
      'font-family': face.family,
      'font-size': size * (half > 2 ? 0.27 : 0.33),
      'text-anchor': 'middle',
      fill,
    };
    return element('text', attributes, row);
  });
  return box(frame, 'none', stroke) + rows.join('');
}

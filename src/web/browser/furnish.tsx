import { render } from 'hono/jsx/dom';
import type { ToolData } from '../tool-data';

/** What the page was given by the server. */
export function furnish<Facts>(Tool: (data: ToolData<Facts>) => unknown): void {
  const data = document.getElementById('tool-data')?.textContent;
  const root = document.getElementById('tool');
  const Component = Tool as (data: ToolData<Facts>) => never;
  if (data && root) render(<Component {...(JSON.parse(data) as ToolData<Facts>)} />, root);
}

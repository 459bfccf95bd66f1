import type { Plugin } from 'vite';

/**
 * What the service imports late, its tests import at the start. Vite's module runner has one promise for all who import
 * a module at the same time, and a Durable Object that awaits what another one began may never go on.
 */
export function eagerImports(): Plugin {
  return {
    name: 'fluxgate:eager-imports',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/src\/(?!cli\/|web\/|client\/)[^?]*$/.test(id)) return null;
      const imports: string[] = [];
      const eager = code.replaceAll(/\bawait import\(('[^']+')\)/g, (_, specifier: string) => {
        imports.push(`import * as late${imports.length} from ${specifier};`);
        return `late${imports.length - 1}`;
      });
      // On the first line, so that all others keep their numbers.
      return imports.length === 0 ? null : { code: imports.join(' ') + eager, map: null };
    },
  };
}

import type { Deed } from './use-deed';

/** Why something was not done. */
export function DeedFault({ deed: { fault } }: { readonly deed: Deed }) {
  if (fault === null) return null;
  return (
    <p class="wrong" role="alert">
      <strong>{fault.title}.</strong> {fault.text}
    </p>
  );
}

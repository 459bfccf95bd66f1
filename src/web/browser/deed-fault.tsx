import type { Deed } from './use-deed';

/** Why something was not done; its place is there before. */
export function DeedFault({ deed: { fault } }: { readonly deed: Deed }) {
  return (
    <p class={fault === null ? 'deed-fault' : 'deed-fault wrong'} role="alert">
      {fault === null ? null : (
        <>
          <strong>{fault.title}.</strong> {fault.text}
        </>
      )}
    </p>
  );
}

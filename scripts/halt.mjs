/** A reason to give up that the reader can act on: its message is shown alone, without a stack. */
export class Halt extends Error {}

/**
 * Runs a script's main function: a Halt becomes its sentence and exit code 1, a bug keeps its stack.
 *
 * @param {() => Promise<number | void>} main may return an exit code
 */
export async function runMain(main) {
  try {
    process.exit((await main()) ?? 0);
  } catch (error) {
    console.error(error instanceof Halt ? `\n${error.message}` : error);
    process.exit(1);
  }
}

/** A reason to give up that the reader can act on: its message is shown alone, without a stack. */
export class Halt extends Error {
  /**
   * @param {string} message
   * @param {number} exitCode
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Runs a script's main function: a Halt becomes its sentence and exit code, a bug keeps its stack.
 *
 * @param {() => Promise<number | void>} main may return an exit code
 */
export async function runMain(main) {
  try {
    process.exit((await main()) ?? 0);
  } catch (error) {
    console.error(error instanceof Halt ? `\n${error.message}` : error);
    process.exit(error instanceof Halt ? error.exitCode : 1);
  }
}

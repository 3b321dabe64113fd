/** What a command of the CLI is: a file each, listed in main.ts. */
export interface Command {
  /** As it is typed: `course check`. */
  name: string
  /** What follows the name, for the usage text. */
  takes: string
  does: string
  /**
   * Gets what follows the name. Answers the exit code: 0 all is well, 1 faults were found.
   * Throws WrongUsage, or what `parseArgs` of node:util throws, when the arguments are not right: then it is 2.
   */
  run: (args: string[]) => Promise<number>
}

/** The arguments are not what the command takes; the message says what is missing or too much. */
export class WrongUsage extends Error {}

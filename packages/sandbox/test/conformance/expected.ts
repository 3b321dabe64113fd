/** Where runtimes differ: what the tests expect under each, with the reason. Everything else they have to do alike. */
export interface Expected {
  /**
   * What the memory limit kills when one process takes too much. gVisor's kernel and all that runs on it are one user of memory to
   * the host, whose limit is on the whole.
   */
  readonly memoryLimitKills: 'the process' | 'the container'
  /**
   * What comes of `kill -9 1` by the learner. Linux keeps signals from the first process of a namespace; gVisor of 2022 does not. The
   * container's end is then the learner's own doing.
   */
  readonly killOfFirstProcess: 'nothing' | 'the container ends'
  /** Most files in `/workspace`. gVisor's tmpfs knows a size but no `nr_inodes`: memory is what bounds them. */
  readonly mostFiles: number
}

export const EXPECTED = {
  runc: { memoryLimitKills: 'the process', killOfFirstProcess: 'nothing', mostFiles: 4096 },
  runsc: {
    memoryLimitKills: 'the container',
    killOfFirstProcess: 'the container ends',
    mostFiles: Number.POSITIVE_INFINITY,
  },
} as const satisfies Record<string, Expected>

export type Runtime = keyof typeof EXPECTED

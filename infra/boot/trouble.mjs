// A failure that the person at the terminal can act on: one sentence about what is wrong, and what to do.

export class Trouble extends Error {
  /**
   * @param {string} problem one sentence, with its full stop
   * @param {string} advice what to do, with its full stop
   */
  constructor(problem, advice) {
    super(problem)
    this.name = 'Trouble'
    this.advice = advice
  }
}

/**
 * What to print for any error, without a stack. Errors of the operating system that a person can act on get advice.
 * @param {unknown} error
 * @returns {string}
 */
export function describeTrouble(error) {
  if (error instanceof Trouble) return `${error.message}\n  ${error.advice}`
  const { code, path, message } = /** @type {NodeJS.ErrnoException} */ (error)
  const place = path === undefined ? '' : ` (${path})`
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return `There is no space left on the disk${place}.\n  Free some space and start again; nothing that was stored is lost.`
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return `The permission to do this is missing${place}.\n  Run the command as the owner of this folder, or as root.`
  }
  if (code === 'EROFS') {
    return `The disk is read-only${place}.\n  Choose another place for the state with --data <folder>.`
  }
  return `Something unexpected went wrong: ${message ?? String(error)}\n  COOPERAGE_DEBUG=1 prints where.`
}

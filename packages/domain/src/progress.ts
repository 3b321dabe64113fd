const stuckAttempts = 3
const stuckDays = 14

/** A learner is stuck on a lab after three attempts or more without a full score, the latest within the last 14 days. */
export const isStuck = (
  lab: { attempts: number; bestScore: number | null; maxScore: number; lastAt: Date | null },
  now: Date,
): boolean =>
  lab.attempts >= stuckAttempts &&
  (lab.bestScore ?? 0) < lab.maxScore &&
  lab.lastAt !== null &&
  now.getTime() - lab.lastAt.getTime() <= stuckDays * 24 * 60 * 60 * 1000

/** Share of the items that are done, in whole percent. */
export const percentDone = (items: readonly { status: 'untouched' | 'started' | 'done' }[]): number =>
  items.length === 0
    ? 0
    : Math.round((items.filter((item) => item.status === 'done').length / items.length) * 100)

import type { Progress } from '../boot/progress.mjs'

/** Keeps what would have been printed. */
export function quietProgress(): Progress & { said: string[] } {
  const said: string[] = []
  const step = () => ({ update: () => undefined, done: () => undefined, fail: () => undefined })
  return {
    said,
    step,
    during: (_title, work) => work(step()),
    line: (text) => void said.push(text),
    warn: (text) => void said.push(text),
  }
}

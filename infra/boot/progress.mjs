// Shows what is going on, on every step that may take more than a moment. On a terminal one line moves; elsewhere (a log, CI)
// each step is a line at its end, and a sign of life every fifteen seconds.

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/**
 * @typedef {object} Step
 * @property {(detail: string) => void} update says what the step is at
 * @property {(result?: string) => void} done
 * @property {(reason?: string) => void} fail
 *
 * @typedef {object} Progress
 * @property {(title: string) => Step} step
 * @property {<T>(title: string, work: (step: Step) => Promise<T>) => Promise<T>} during runs a step to its end
 * @property {(text: string) => void} line prints a line of its own
 * @property {(text: string) => void} warn prints a line that must not be overlooked
 */

/**
 * @param {Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>} stream
 * @returns {Progress}
 */
export function createProgress(stream = process.stdout) {
  /** @type {Set<{title: string, detail: string, since: number, said: number}>} */
  const running = new Set()
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  let frame = 0
  const seconds = (/** @type {number} */ since) => (performance.now() - since) / 1000
  const clear = () => stream.isTTY && stream.write('\r\x1b[2K')

  function draw() {
    if (!stream.isTTY) {
      for (const step of running) {
        if (seconds(step.said) < 15) continue
        step.said = performance.now()
        stream.write(
          `  … ${step.title}, ${Math.round(seconds(step.since))} s${step.detail && `: ${step.detail}`}\n`,
        )
      }
      return
    }
    const parts = [...running].map(
      (step) => `${step.title}${step.detail && ` (${step.detail})`} ${Math.round(seconds(step.since))} s`,
    )
    const text = `${frames[frame++ % frames.length]} ${parts.join(' · ')}`
    clear()
    stream.write(text.slice(0, (stream.columns ?? 80) - 1))
  }

  /** @param {string} text */
  function line(text) {
    clear()
    stream.write(`${text}\n`)
    if (running.size > 0) draw()
  }

  /** @type {Progress['step']} */
  function step(title) {
    const state = { title, detail: '', since: performance.now(), said: performance.now() }
    running.add(state)
    timer ??= setInterval(draw, stream.isTTY ? 120 : 1000).unref()
    if (stream.isTTY) draw()
    const end = (/** @type {string} */ mark, /** @type {string | undefined} */ result) => {
      if (!running.delete(state)) return
      if (running.size === 0) {
        clearInterval(timer)
        timer = undefined
      }
      const more = result === undefined ? '' : `: ${result}`
      line(`${mark} ${title}${more} (${seconds(state.since).toFixed(1)} s)`)
    }
    return {
      update: (detail) => {
        state.detail = detail.replaceAll(/\s+/g, ' ').slice(0, 70)
      },
      done: (result) => end('✔', result),
      fail: (reason) => end('✘', reason),
    }
  }

  /** @type {Progress['during']} */
  async function during(title, work) {
    const current = step(title)
    try {
      const result = await work(current)
      current.done()
      return result
    } catch (error) {
      current.fail()
      throw error
    }
  }

  return { step, during, line, warn: (text) => line(`! ${text}`) }
}

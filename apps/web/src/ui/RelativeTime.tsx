import { useSyncExternalStore } from 'react'
import { relative } from './relative.js'

/** One clock for all times on the page; it ticks only while one is shown. */
let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
function subscribe(listener: () => void) {
  if (listeners.size === 0) {
    now = Date.now()
    timer = setInterval(() => {
      now = Date.now()
      listeners.forEach((notify) => notify())
    }, 20_000)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearInterval(timer)
  }
}

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** The present in milliseconds; a component that uses it is drawn again as time goes by. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now)

/** "3 minutes ago", "in 2 days"; the exact time on hover and for machines. */
export function RelativeTime({ at }: { at: string }) {
  const current = useNow()
  const date = new Date(at)
  return (
    <time dateTime={at} title={absolute.format(date)}>
      {relative(date.getTime(), current)}
    </time>
  )
}

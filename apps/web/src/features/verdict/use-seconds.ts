import { useSyncExternalStore } from 'react'

const everySecond = (notify: () => void) => {
  const timer = setInterval(notify, 1000)
  return () => clearInterval(timer)
}
const never = () => () => undefined
const thisSecond = () => Math.floor(Date.now() / 1000) * 1000

/** The time in milliseconds, to the second; stands still while `running` is false. */
export function useSeconds(running: boolean): number {
  return useSyncExternalStore(running ? everySecond : never, thisSecond)
}

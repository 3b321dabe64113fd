import { useState } from 'react'

/**
 * The answer that is being written, kept in this browser until it is submitted.
 * `kept` is false when the browser has no room or does not allow it.
 */
export function useAnswerDraft(key: string) {
  const [text, setText] = useState(() => read(key))
  const [kept, setKept] = useState(true)
  const write = (next: string) => {
    setText(next)
    setKept(store(key, next))
  }
  return { text, kept, write }
}

function read(key: string): string {
  try {
    return window.localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}

function store(key: string, text: string): boolean {
  try {
    if (text === '') window.localStorage.removeItem(key)
    else window.localStorage.setItem(key, text)
    return true
  } catch {
    return false
  }
}

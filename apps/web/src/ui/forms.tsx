/** Forms are plain HTML forms; what the API refuses is shown at its field, or above the button. */
import { Text } from '@mantine/core'
import type { FormEvent } from 'react'
import { asProblem } from '../api/index.js'
import { Notice } from './Notice.js'

/** Handles a submit with the form's own values (text fields; an absent field is ''). */
export const onSubmit =
  (handle: (value: (name: string) => string, form: HTMLFormElement) => void) =>
  (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    handle((name) => {
      const value = data.get(name)
      return typeof value === 'string' ? value : ''
    }, event.currentTarget)
  }

/** The message for a field of a refused body, by its path. */
export const fieldError = (error: unknown, path: string): string | undefined => {
  const message = asProblem(error)?.field(path)
  return message && message.charAt(0).toUpperCase() + message.slice(1)
}

const none: readonly string[] = []

/** Why a form was refused, unless every reason already stands at a field of `shownAt`. */
export function FormError({ error, shownAt = none }: { error: unknown; shownAt?: readonly string[] }) {
  if (!error) return null
  const problem = asProblem(error)
  const rest = problem?.errors.filter((one) => !shownAt.some((path) => problem.field(path) === one.message))
  if (problem && problem.errors.length > 0 && rest?.length === 0) return null
  const detail = problem?.detail ?? 'Try again; if it happens again, reload the page.'
  return (
    <Notice tone="bad" urgent title={problem?.title ?? 'That did not work'}>
      {detail !== problem?.title && <Text size="sm">{detail}</Text>}
      {problem?.retryAfterSeconds && (
        <Text size="sm" mt={4}>
          Try again in {waitWords(problem.retryAfterSeconds)}.
        </Text>
      )}
      {rest?.map((one) => (
        <Text size="sm" key={`${one.path} ${one.message}`}>
          {one.path}: {one.message}
        </Text>
      ))}
    </Notice>
  )
}

const waitWords = (seconds: number) =>
  seconds < 90 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`

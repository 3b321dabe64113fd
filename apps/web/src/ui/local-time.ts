/** `datetime-local` fields speak local time without a zone; the API speaks UTC. */

/** For the field's value: `2026-03-01T09:30`; '' for none. */
export function toLocalField(instant: string | null | undefined): string {
  if (!instant) return ''
  const date = new Date(instant)
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}

/** From the field's value, in the browser's zone; null for an empty or unreadable one. */
export function fromLocalField(value: string): string | null {
  const date = value ? new Date(value) : null
  return date && !Number.isNaN(date.getTime()) ? date.toISOString() : null
}

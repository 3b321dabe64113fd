export type Who = 'nobody' | 'learner' | 'stranger' | 'instructor' | 'admin' | 'cookie'
export interface HostileCase {
  name: string
  method: string
  /** As it goes over the wire, prefix included. */
  path: string
  who: Who
  headers?: Record<string, string>
  body?: string | Buffer
}

export const json = { 'content-type': 'application/json' }
/** The id of nothing. */
export const nowhere = '0190b5a0-0000-7000-8000-0000000000ff'

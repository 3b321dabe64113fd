/** Addresses of the items of a course, which several features own and all link to. */
import type { ItemKind } from '@cooperage/contracts'

const folders: Record<ItemKind, string> = { lesson: 'lessons', lab: 'labs', question: 'questions' }

/** A part of a cohort's pages, such as `/progress`; '' is its course map. */
export const cohortPath = (cohort: string, part: string): string => `/cohorts/${cohort}${part}`

/** Ids are slugs and UUIDs: nothing in them needs encoding. */
export const itemPath = (cohort: string, kind: ItemKind, id: string): string =>
  `/cohorts/${cohort}/${folders[kind]}/${id}`

/** A learner's submissions of a lab, as staff see them. */
export const learnerSubmissionsPath = (cohort: string, lab: string): string =>
  `/cohorts/${cohort}/labs/${lab}/submissions`

/** Where to go after signing in: only a path of this page, so that a link cannot lead elsewhere. */
export const safeNext = (next: string | undefined): string =>
  next && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/'

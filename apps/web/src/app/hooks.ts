import type { Cohort, Me } from '@cooperage/contracts'
import { cohortQuery, meQuery } from '../api/index.js'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'

const signedIn = getRouteApi('/signed-in')
const inCohort = getRouteApi('/signed-in/cohorts/$cohort')

/** The caller. Only below `signedInRoute`. */
export function useMe(): Me {
  const { me } = signedIn.useRouteContext()
  return useQuery(meQuery).data ?? me
}

/** The cohort of the address. Only below `cohortRoute`. */
export function useCohort(): Cohort {
  const { cohort } = inCohort.useRouteContext()
  return useQuery(cohortQuery(cohort.id)).data ?? cohort
}

/** May the caller see everybody's work in this cohort? */
export const isStaff = (cohort: Pick<Cohort, 'role'>): boolean => cohort.role !== 'learner'

/** A lab: instructions, editor, verdict, history of attempts. */
import { createRoute } from '@tanstack/react-router'
import { z } from 'zod'
import { labQuery } from '../../api/index.js'
import { cohortRoute } from '../../app/routes.js'
import { panels } from './panels.js'

const Search = z.object({
  /** Which part is in front; on a wide screen the editor is always there. */
  panel: z.enum(panels).optional().catch(undefined),
  /** The file in the editor. */
  file: z.string().optional().catch(undefined),
  /** The earlier attempt that is open, and its file. */
  attempt: z.uuid().optional().catch(undefined),
  attemptFile: z.string().optional().catch(undefined),
})

const labRoute = createRoute({
  getParentRoute: () => cohortRoute,
  path: '/labs/$lab',
  validateSearch: Search,
  loader: ({ context, params }) =>
    void context.queryClient.prefetchQuery(labQuery(context.cohort.course, params.lab)),
}).lazy(() => import('./LabPage.js').then((module) => module.Route))

export const labRoutes = [labRoute] as const

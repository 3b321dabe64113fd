import { Controller } from '@nestjs/common'
import { LabBundle, OpenLabs as OpenLabsAnswer, route, routes, Sha256 } from '@cooperage/contracts'
import { Endpoint, Problem, type Input } from '../platform/index.js'
import { assetRoute, Assets } from './assets.js'
import { CourseReader } from './course-reader.js'
import { CourseStore } from './course-store.js'
import { OpenLabs } from './open-labs.js'

/** Beside the contract, as the next: only lab hosts ask. */
const bundleRoute = route({
  method: 'GET',
  path: '/internal/labs/:revision/bundle',
  who: 'worker',
  status: 200,
  summary: 'What a lab host needs to grade a lab',
  response: LabBundle,
})

const openLabsRoute = route({
  method: 'GET',
  path: '/internal/open-labs',
  who: 'worker',
  status: 200,
  summary: 'Which containers a lab host is to have ready',
  response: OpenLabsAnswer,
})

@Controller()
export class CoursesController {
  constructor(
    private readonly reader: CourseReader,
    private readonly store: CourseStore,
    private readonly assets: Assets,
    private readonly openLabs: OpenLabs,
  ) {}

  @Endpoint(routes.listCourses)
  listCourses({ caller, query }: Input<typeof routes.listCourses>) {
    return this.reader.list(caller, query)
  }

  @Endpoint(routes.getCourse)
  getCourse({ params }: Input<typeof routes.getCourse>) {
    return this.reader.course(params.course)
  }

  @Endpoint(routes.getLesson)
  getLesson({ params }: Input<typeof routes.getLesson>) {
    return this.reader.lesson(params.course, params.lesson)
  }

  @Endpoint(routes.getLab)
  getLab({ params }: Input<typeof routes.getLab>) {
    return this.reader.lab(params.course, params.lab)
  }

  @Endpoint(assetRoute)
  getAsset({ params, request, reply }: Input<typeof assetRoute>) {
    const { '*': path } = request.params as Record<string, string>
    return this.assets.send(params.course, path, request, reply)
  }

  @Endpoint(openLabsRoute)
  getOpenLabs() {
    return this.openLabs.get()
  }

  @Endpoint(bundleRoute)
  async getBundle({ params }: Input<typeof bundleRoute>) {
    const bundle = Sha256.safeParse(params.revision).success
      ? await this.store.findBundle(params.revision)
      : null
    if (!bundle) throw new Problem('not_found')
    return bundle
  }
}

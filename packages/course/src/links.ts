import { posix } from 'node:path'
import type { FolderFile } from './folder.js'
import type { ResolveLink } from './markdown.js'

/**
 * Links in Markdown name files of the course by relative path, so that they work in an editor and on a code host too.
 * A lesson's file becomes the page of the lesson, a file under assets/ its address at the API.
 */
export function linkResolver(course: string, files: readonly FolderFile[]): (from: string) => ResolveLink {
  const paths = new Set(files.map((file) => file.path))
  return (from) => (href) => {
    const [, target = '', fragment = ''] = /^([^?#]*)[^#]*(#.*)?$/.exec(href) ?? []
    let decoded: string
    try {
      decoded = decodeURIComponent(target)
    } catch {
      return null
    }
    const path = posix.normalize(posix.join(posix.dirname(from), decoded)).replace(/\/$/, '')
    if (paths.has(path) && path.startsWith('assets/')) {
      return `/api/v1/courses/${course}/assets/${path.slice('assets/'.length).split('/').map(encodeURIComponent).join('/')}`
    }
    const lesson = /^modules\/[^/]+\/lessons\/([^/]+)\.md$/.exec(path)
    if (lesson && paths.has(path)) return `../lessons/${lesson[1]}${fragment}`
    const lab = /^modules\/[^/]+\/labs\/([^/]+)(?:\/instructions\.md|\/lab\.yaml)?$/.exec(path)
    if (lab && paths.has(`${path.split('/').slice(0, 4).join('/')}/lab.yaml`))
      return `../labs/${lab[1]}${fragment}`
    const question = /^modules\/[^/]+\/questions\/([^/]+)\.yaml$/.exec(path)
    if (question && paths.has(path)) return `../questions/${question[1]}${fragment}`
    return null
  }
}

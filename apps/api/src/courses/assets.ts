import { Injectable } from '@nestjs/common'
import { RelativePath, route } from '@cooperage/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../platform/index.js'
import { CourseStore } from './course-store.js'

/** Images and files that lessons name. Beside the contract: its addresses are in the lessons' HTML, and it answers bytes. */
export const assetRoute = route({
  method: 'GET',
  path: '/courses/:course/assets/*',
  who: 'course-reader',
  status: 200,
  summary: 'A file that a lesson names',
  produces: 'application/octet-stream',
})

const mediaTypes: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  txt: 'text/plain; charset=utf-8',
  csv: 'text/plain; charset=utf-8',
  json: 'text/plain; charset=utf-8',
  yaml: 'text/plain; charset=utf-8',
  yml: 'text/plain; charset=utf-8',
  mp4: 'video/mp4',
  webm: 'video/webm',
}

@Injectable()
export class Assets {
  constructor(private readonly store: CourseStore) {}

  /** An asset is an author's file: whatever it is, it must not run as a page of this site. */
  async send(
    course: string,
    path: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Buffer> {
    if (path === undefined || !RelativePath.safeParse(path).success) throw new Problem('not_found')
    const asset = await this.store.findAsset(course, path)
    if (!asset) throw new Problem('not_found')
    const etag = `"${asset.revision.slice(0, 32)}"`
    void reply.headers({
      etag,
      'cache-control': 'private, no-cache',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'content-type': mediaTypes[path.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream',
    })
    if (request.headers['if-none-match'] === etag) {
      request.answerStatus = 304
      return Buffer.alloc(0)
    }
    return asset.content
  }
}

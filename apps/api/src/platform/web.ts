import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { RelativePath } from '@cooperage/contracts'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'

/** Addresses that are never a page. */
const reserved = /^\/(api|health|internal|metrics|\.well-known)(\/|$)/

/**
 * The built page: files as they are, and `index.html` for every other address, which the page routes itself. Files under
 * `assets/` have their hash in the name and may be kept for ever; the others are asked for again each time.
 */
export async function serveWeb(instance: FastifyInstance, root: string): Promise<void> {
  if (!existsSync(join(root, 'index.html'))) throw new Error(`WEB_ROOT has no index.html: ${root}`)
  await instance.register(fastifyStatic, { root, serve: false, cacheControl: false })
  instance.route({
    method: ['GET', 'HEAD'],
    url: '/*',
    handler: (request, reply) => {
      const path = request.url.split('?', 1)[0] ?? '/'
      if (reserved.test(path)) return reply.callNotFound()
      const file = decodeURIComponent(path.slice(1))
      const name = path.split('/').at(-1) ?? ''
      const isFile = path.startsWith('/assets/') || name.includes('.')
      if (isFile && !RelativePath.safeParse(file).success) return reply.callNotFound()
      void reply.header(
        'cache-control',
        path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      )
      return reply.sendFile(isFile ? file : 'index.html')
    },
  })
}

import { apiPrefix } from '@cooperage/contracts'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger'
import { openApiDocument } from './openapi.js'

/** `/api/v1/openapi.json`, and the same to browse at `/api/docs`, with everything it shows from this server. */
export function serveDocs(app: NestFastifyApplication, publicUrl: string): void {
  const document = openApiDocument(publicUrl)
  const json = JSON.stringify(document)
  app
    .getHttpAdapter()
    .getInstance()
    .get(`${apiPrefix}/openapi.json`, (_request, reply) => reply.type('application/json').send(json))
  SwaggerModule.setup('api/docs', app, document as unknown as OpenAPIObject, {
    raw: false,
    customSiteTitle: 'Cooperage API',
  })
}

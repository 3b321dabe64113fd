import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core'
import { routes, type Route } from '@cooperage/contracts'
import type { INestApplication } from '@nestjs/common'
import { ENDPOINT, type EndpointMetadata } from './endpoint.js'

/**
 * Refuses to start when a route of the contract has no handler or two, or when a method of a controller answers requests
 * without `@Endpoint`, and so without a permission.
 */
export function checkHandlers(app: INestApplication): void {
  const found = new Map<Route, string[]>()
  const faults: string[] = []
  const reflector = app.get(Reflector)
  const scanner = new MetadataScanner()
  for (const { instance, metatype } of app.get(DiscoveryService).getControllers()) {
    const prototype = Object.getPrototypeOf(instance) as Record<string, () => unknown>
    for (const name of scanner.getAllMethodNames(prototype)) {
      const method = prototype[name]
      if (!method) continue
      const where = `${metatype?.name}.${name}`
      const endpoint = reflector.get<EndpointMetadata | undefined>(ENDPOINT, method)
      if (endpoint) found.set(endpoint.route, [...(found.get(endpoint.route) ?? []), where])
      else if (Reflect.hasMetadata('path', method)) faults.push(`${where} has no permission: use @Endpoint`)
    }
  }
  for (const [name, route] of Object.entries<Route>(routes)) {
    const handlers = found.get(route) ?? []
    if (handlers.length === 1) continue
    faults.push(
      handlers.length === 0 ? `routes.${name} has no handler` : `routes.${name}: ${handlers.join(' and ')}`,
    )
  }
  if (faults.length > 0) throw new Error(`The API does not fit its contract:\n  ${faults.join('\n  ')}`)
}

import { apiPrefix, routes, type Route } from '@cooperage/contracts'

const table = Object.values<Route>(routes).map((route) => ({
  method: route.method,
  pattern: new RegExp(`^${apiPrefix}${route.path.replace(/:[a-z]+/gi, '[^/]+')}$`),
}))

/** Methods that the contract has for an address; none when it is no address of the contract. */
export function methodsOf(url: string): string[] {
  const path = url.split('?', 1)[0] ?? ''
  return [...new Set(table.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))]
}

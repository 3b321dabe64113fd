import { StreamLanguage, type StreamParser } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { tags } from '@lezer/highlight'

type Loader = () => Promise<Extension>

const legacy = async (parser: Promise<StreamParser<unknown>>): Promise<Extension> => {
  const found = await parser
  // `property` is a name that these older parsers use and the highlighter does not know.
  return StreamLanguage.define({ ...found, tokenTable: { property: tags.propertyName, ...found.tokenTable } })
}
const shell: Loader = () => legacy(import('@codemirror/legacy-modes/mode/shell').then((m) => m.shell))
const dockerfile: Loader = () =>
  legacy(import('@codemirror/legacy-modes/mode/dockerfile').then((m) => m.dockerFile))
const json: Loader = () => legacy(import('@codemirror/legacy-modes/mode/javascript').then((m) => m.json))
const yaml: Loader = () => import('@codemirror/lang-yaml').then((m) => m.yaml())
const python: Loader = () => import('@codemirror/lang-python').then((m) => m.python())
const javascript = (options: { typescript?: boolean; jsx?: boolean }): Loader => {
  return () => import('@codemirror/lang-javascript').then((m) => m.javascript(options))
}
const go: Loader = () => legacy(import('@codemirror/legacy-modes/mode/go').then((m) => m.go))
const nginx: Loader = () => legacy(import('@codemirror/legacy-modes/mode/nginx').then((m) => m.nginx))
const toml: Loader = () => legacy(import('@codemirror/legacy-modes/mode/toml').then((m) => m.toml))
const properties: Loader = () =>
  legacy(import('@codemirror/legacy-modes/mode/properties').then((m) => m.properties))

const byExtension: Record<string, Loader> = {
  sh: shell,
  bash: shell,
  yaml,
  yml: yaml,
  json,
  js: javascript({ jsx: true }),
  mjs: javascript({}),
  cjs: javascript({}),
  ts: javascript({ typescript: true }),
  py: python,
  go,
  toml,
  env: properties,
  properties,
  dockerfile,
}

/** The language of a file by its name, loaded when first needed; null: plain text. A first line `#!` counts as shell or Python. */
export function languageOf(path: string, firstLine: string): Loader | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  if (name === 'dockerfile' || name === 'containerfile' || name.startsWith('dockerfile.')) return dockerfile
  if (name === 'nginx.conf') return nginx
  if (name === '.env' || name.startsWith('.env.')) return properties
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : ''
  const named = byExtension[extension]
  if (named) return named
  if (firstLine.startsWith('#!')) return /python/.test(firstLine) ? python : shell
  return null
}

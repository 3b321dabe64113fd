import rehypeShikiFromHighlighter from '@shikijs/rehype/core'
import type { Element, Root } from 'hast'
import { toString } from 'hast-util-to-string'
import rehypeRaw from 'rehype-raw'
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize'
import rehypeSlug from 'rehype-slug'
import rehypeStringify from 'rehype-stringify'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { createHighlighter } from 'shiki'
import { unified } from 'unified'
import { visit } from 'unist-util-visit'
import type { Heading } from './model.js'

const languages = [
  'bash',
  'console',
  'dockerfile',
  'yaml',
  'json',
  'python',
  'javascript',
  'typescript',
  'go',
  'c',
  'diff',
  'ini',
  'toml',
  'nginx',
  'sql',
  'html',
  'css',
] as const
const aliases: Record<string, string> = {
  sh: 'bash',
  shell: 'bash',
  'shell-session': 'console',
  Dockerfile: 'dockerfile',
  js: 'javascript',
  ts: 'typescript',
  py: 'python',
  yml: 'yaml',
}

// Made once: loading the grammars takes longer than rendering a course.
// In the light theme every colour has to have 4.5:1, on a ground that is not quite white.
const themes = { light: 'github-light-high-contrast', dark: 'github-dark' }
let highlighter: ReturnType<typeof createHighlighter> | undefined
const getHighlighter = () =>
  (highlighter ??= createHighlighter({
    themes: Object.values(themes),
    langs: [...languages],
    langAlias: aliases,
  }))

/** Answers the address that a link or image leads to, or null when what it names is not there. */
export type ResolveLink = (href: string) => string | null

export interface Rendered {
  html: string
  headings: Heading[]
  /** Relative links and images that lead nowhere, with their line in `markdown`. */
  deadLinks: { href: string; line: number }[]
}

/**
 * Markdown (GFM, with inline HTML) → sanitised HTML with highlighted code: both themes as CSS variables, so that no
 * highlighter reaches the browser. Sanitised before highlighting, so that an author's HTML cannot bring styles or scripts.
 */
export async function renderMarkdown(markdown: string, resolve: ResolveLink): Promise<Rendered> {
  const headings: Heading[] = []
  const deadLinks: Rendered['deadLinks'] = []
  const file = await unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkRehype, { allowDangerousHtml: true })
    .use(rehypeRaw)
    .use(rehypeSanitize, defaultSchema)
    .use(rehypeSlug)
    .use(() => (tree: Root) => {
      visit(tree, 'element', (node: Element) => {
        rewriteLink(node, resolve, deadLinks)
        const level = /^h([1-6])$/.exec(node.tagName)?.[1]
        if (level)
          headings.push({ depth: Number(level), id: String(node.properties.id), text: toString(node) })
      })
    })
    .use(rehypeShikiFromHighlighter, await getHighlighter(), {
      themes,
      defaultColor: false,
      fallbackLanguage: 'text',
    })
    .use(rehypeStringify)
    .process(markdown)
  return { html: String(file), headings, deadLinks }
}

function rewriteLink(node: Element, resolve: ResolveLink, deadLinks: Rendered['deadLinks']): void {
  const attribute = node.tagName === 'a' ? 'href' : node.tagName === 'img' ? 'src' : null
  const href = attribute && node.properties[attribute]
  if (!attribute || typeof href !== 'string' || href.startsWith('#')) return
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(href)) {
    if (attribute === 'href')
      Object.assign(node.properties, { rel: ['noopener', 'noreferrer'], target: '_blank' })
    return
  }
  const target = resolve(href)
  if (target === null) deadLinks.push({ href, line: node.position?.start.line ?? 1 })
  else node.properties[attribute] = target
}

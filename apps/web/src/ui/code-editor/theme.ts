import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { tags as t } from '@lezer/highlight'

/** Colours are custom properties (CodeEditor.module.css), so that light and dark switch without touching the editor. */
const chrome = EditorView.theme({
  '&': { height: '100%', fontSize: '0.875rem', color: 'var(--code-text)', backgroundColor: 'var(--code-bg)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    lineHeight: '1.55',
    overflow: 'auto',
  },
  '.cm-content': { caretColor: 'var(--code-caret)', padding: '0.5rem 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--code-caret)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection':
    { backgroundColor: 'var(--code-selection)' },
  '.cm-gutters': { backgroundColor: 'var(--code-bg)', color: 'var(--code-dim)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--code-line)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--code-dim)',
  },
})

const highlight = HighlightStyle.define([
  { tag: [t.keyword, t.operatorKeyword, t.modifier, t.controlKeyword], color: 'var(--code-keyword)' },
  { tag: [t.string, t.special(t.string), t.regexp], color: 'var(--code-string)' },
  { tag: [t.number, t.bool, t.null, t.atom], color: 'var(--code-number)' },
  { tag: [t.comment, t.meta], color: 'var(--code-comment)', fontStyle: 'italic' },
  {
    tag: [t.propertyName, t.definition(t.propertyName), t.attributeName, t.labelName],
    color: 'var(--code-name)',
  },
  {
    tag: [t.function(t.variableName), t.standard(t.variableName), t.className, t.typeName],
    color: 'var(--code-function)',
  },
  { tag: [t.definition(t.variableName), t.special(t.variableName)], color: 'var(--code-name)' },
  { tag: [t.operator, t.punctuation], color: 'var(--code-punctuation)' },
  { tag: t.invalid, color: 'var(--code-invalid)' },
])

export const theme: Extension = [chrome, syntaxHighlighting(highlight)]

import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { useCallback } from 'react'
import classes from './CodeEditor.module.css'
import { languageOf } from './language.js'
import { theme } from './theme.js'

export interface CodeEditorProps {
  path: string
  /** The text to begin with; later changes of it are not followed: give a new `key` to replace the text. */
  initialText: string
  /** Accessible name of the text box. */
  label: string
  /** Id of the text that says how to leave the editor by keyboard. */
  describedBy?: string
  readOnly?: boolean
  /** Called with the whole text after each change. Must be stable, else the editor is made anew. */
  onChange?: (path: string, text: string) => void
  /** Undo history and cursor of each path, kept while the reader looks at another file. */
  memory?: Map<string, EditorState>
}

const language = new Compartment()
const plain: Extension = []

/** The editor proper; heavy, so import it through `LazyCodeEditor`. */
export default function CodeEditor(props: CodeEditorProps) {
  const { path, initialText, label, describedBy, readOnly = false, onChange, memory } = props
  // A callback ref mounts and unmounts the editor with its element, so no effect is needed to follow the element's life.
  const mount = useCallback(
    (parent: HTMLDivElement | null) => {
      if (!parent) return
      const remembered = memory?.get(path)
      const view = new EditorView({
        parent,
        state:
          remembered ??
          EditorState.create({
            doc: initialText,
            extensions: extensions({ label, describedBy, readOnly, path, onChange }),
          }),
      })
      let mounted = true
      const colour = (extension: Extension) => {
        if (mounted) view.dispatch({ effects: language.reconfigure(extension) })
      }
      // Colours come when the language has loaded; without it the text stays plain, and editable.
      if (language.get(view.state) === plain)
        languageOf(path, view.state.doc.line(1).text)?.().then(colour, () => undefined)
      return () => {
        mounted = false
        memory?.set(path, view.state)
        view.destroy()
      }
    },
    // The text to begin with is read once per mount; listing it would remake the editor at each key press.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [path, label, describedBy, readOnly, onChange, memory],
  )
  return (
    <div className={classes.frame}>
      <div ref={mount} className={classes.mount} />
    </div>
  )
}

interface Setting extends Pick<CodeEditorProps, 'label' | 'describedBy' | 'path' | 'onChange'> {
  readOnly: boolean
}

function extensions({ label, describedBy, readOnly, path, onChange }: Setting): Extension {
  return [
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    EditorState.tabSize.of(4),
    indentUnit.of(/(^|\/)Makefile$|\.go$/.test(path) ? '\t' : '  '),
    indentOnInput(),
    bracketMatching(),
    EditorView.lineWrapping,
    readOnly
      ? [EditorState.readOnly.of(true)]
      : [
          highlightActiveLine(),
          highlightActiveLineGutter(),
          // Mod-Enter belongs to the page (it submits); the default would insert a line.
          keymap.of([{ key: 'Mod-Enter', run: () => true }, ...historyKeymap, indentWithTab]),
        ],
    keymap.of(defaultKeymap),
    EditorView.contentAttributes.of({
      'aria-label': label,
      ...(describedBy ? { 'aria-describedby': describedBy } : {}),
      ...(readOnly ? { 'aria-readonly': 'true' } : {}),
      tabindex: '0',
      spellcheck: 'false',
      autocorrect: 'off',
      autocapitalize: 'off',
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange?.(path, update.state.doc.toString())
    }),
    language.of(plain),
    theme,
  ]
}

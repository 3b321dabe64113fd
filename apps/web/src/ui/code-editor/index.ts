/** Editor and viewer of source text. Imports no feature. */
export { LazyCodeEditor } from './lazy-code-editor.js'

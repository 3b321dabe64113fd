/** Editor and viewer of source text. Imports no feature. */
export { LazyCodeEditor } from './LazyCodeEditor.js'
export { BinaryFile, ReadOnlyFile, SourceFiles, type SourceFile } from './SourceFiles.js'

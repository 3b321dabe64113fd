import type { EditorState } from '@codemirror/state'
import { WireFile } from '@cooperage/contracts'
import { z } from 'zod'

const Stored = z.object({
  /** Of the lab whose starter the draft began with. */
  revision: z.string(),
  savedAt: z.number(),
  files: z.array(WireFile),
})

type SaveState = 'unchanged' | 'pending' | 'saved' | 'failed'
export interface Draft {
  /** What would be submitted, sorted by path. */
  files: readonly WireFile[]
  /** Counts replacements of text from outside the editor; an editor is made anew for each. */
  generation: number
  /** Undo history of the files in this generation. */
  memory: Map<string, EditorState>
  save: SaveState
  savedAt: number | null
  /** The draft began with another revision of the lab. */
  outdated: boolean
}

interface Options {
  key: string
  revision: string
  starter: readonly WireFile[]
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
}

const saveDelayMs = 400
const sorted = (files: readonly WireFile[]) =>
  [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))

/** The learner's files of one lab, kept in the browser's storage so that a reload, a crash or a lost session loses nothing. */
export class DraftStore {
  #draft: Draft
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #listeners = new Set<() => void>()

  constructor(private readonly options: Options) {
    const stored = this.#read()
    this.#draft = {
      files: sorted(stored?.files ?? options.starter),
      generation: 0,
      memory: new Map(),
      save: stored ? 'saved' : 'unchanged',
      savedAt: stored?.savedAt ?? null,
      outdated: stored !== null && stored.revision !== options.revision,
    }
  }

  readonly snapshot = (): Draft => this.#draft

  /** For `useSyncExternalStore`. While anyone listens, leaving the page saves, and another tab's saves are taken over. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) {
      addEventListener('pagehide', this.flush)
      addEventListener('storage', this.#fromOtherTab)
    }
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      removeEventListener('pagehide', this.flush)
      removeEventListener('storage', this.#fromOtherTab)
      this.flush()
    }
  }

  readonly setText = (path: string, content: string): void => {
    this.#change(this.#draft.files.map((file) => (file.path === path ? text(path, content) : file)))
  }
  add(path: string): void {
    this.#change(sorted([...this.#draft.files, text(path, '')]))
  }
  rename(from: string, to: string): void {
    const remembered = this.#draft.memory
    remembered.delete(from)
    remembered.delete(to)
    this.#change(sorted(this.#draft.files.map((file) => (file.path === from ? { ...file, path: to } : file))))
  }
  remove(path: string): void {
    this.#draft.memory.delete(path)
    this.#change(this.#draft.files.filter((file) => file.path !== path))
  }
  /** Puts other files in place of all that is there, as when an earlier attempt is loaded. */
  replace(files: readonly WireFile[]): void {
    this.#change(sorted(files), true)
  }
  reset(): void {
    clearTimeout(this.#timer)
    try {
      this.options.storage.removeItem(this.options.key)
    } catch {
      // Storage that cannot be written held no draft either.
    }
    this.#set({
      files: sorted(this.options.starter),
      generation: this.#draft.generation + 1,
      memory: new Map(),
      save: 'unchanged',
      savedAt: null,
      outdated: false,
    })
  }

  readonly flush = (): void => {
    if (this.#draft.save !== 'pending') return
    clearTimeout(this.#timer)
    const savedAt = Date.now()
    const value: z.infer<typeof Stored> = {
      revision: this.options.revision,
      savedAt,
      files: [...this.#draft.files],
    }
    try {
      this.options.storage.setItem(this.options.key, JSON.stringify(value))
      this.#set({ ...this.#draft, save: 'saved', savedAt })
    } catch {
      // Full or forbidden storage: the page goes on, and says that nothing is kept.
      this.#set({ ...this.#draft, save: 'failed' })
    }
  }

  #change(files: readonly WireFile[], replaced = false) {
    const { generation, memory } = this.#draft
    this.#set({
      ...this.#draft,
      files,
      generation: replaced ? generation + 1 : generation,
      memory: replaced ? new Map() : memory,
      save: 'pending',
    })
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.flush, saveDelayMs)
  }

  #set(draft: Draft) {
    this.#draft = draft
    for (const listener of this.#listeners) listener()
  }

  #read(): z.infer<typeof Stored> | null {
    try {
      const value = this.options.storage.getItem(this.options.key)
      const stored = value === null ? null : Stored.safeParse(JSON.parse(value))
      return stored?.success ? stored.data : null
    } catch {
      return null
    }
  }

  readonly #fromOtherTab = (event: StorageEvent) => {
    if (event.key !== this.options.key || this.#draft.save === 'pending') return
    const stored = this.#read()
    this.#set({
      files: sorted(stored?.files ?? this.options.starter),
      generation: this.#draft.generation + 1,
      memory: new Map(),
      save: stored ? 'saved' : 'unchanged',
      savedAt: stored?.savedAt ?? null,
      outdated: stored !== null && stored.revision !== this.options.revision,
    })
  }
}

const text = (path: string, content: string): WireFile => ({ path, content, encoding: 'utf8' })

import type { ItemKind, ItemProgress } from '@cooperage/contracts'
import { IconBook, IconFlask, IconMessageQuestion } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './ItemMark.module.css'

const symbols: Record<ItemProgress['status'], string> = { done: '✓', started: '◐', untouched: '' }
const statusWords: Record<ItemProgress['status'], string> = {
  done: 'Done',
  started: 'Started',
  untouched: 'Not started',
}

/** A round mark of how far an item is; its words are there for screen readers. */
export function ItemMark({ status }: { status: ItemProgress['status'] }) {
  return (
    <span className={classes.mark} data-status={status}>
      <span aria-hidden="true">{symbols[status]}</span>
      <span className="visually-hidden">{statusWords[status]}</span>
    </span>
  )
}

export const kindWords: Record<ItemKind, string> = { lesson: 'Lesson', lab: 'Lab', question: 'Question' }
const kindIcons: Record<ItemKind, typeof IconBook> = {
  lesson: IconBook,
  lab: IconFlask,
  question: IconMessageQuestion,
}
export function KindLabel({ kind, children }: { kind: ItemKind; children?: ReactNode }) {
  const Icon = kindIcons[kind]
  return (
    <span className={classes.kind}>
      <Icon size={15} stroke={1.7} aria-hidden />
      {children ?? kindWords[kind]}
    </span>
  )
}

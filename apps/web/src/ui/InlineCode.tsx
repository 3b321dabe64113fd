import { createElement, Fragment } from 'react'
import classes from './InlineCode.module.css'

/** Plain text in which `backticks` mark code, as authors write prompts and options. */
export function InlineCode({ text }: { text: string }) {
  const parts = text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? createElement('code', { className: classes.code }, part) : part))
  return createElement(Fragment, null, ...parts)
}
